/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.lock;

import curatorglib.peer.Arguments;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.data.Stat;

/**
 * What a holder writes down while it holds, a line at a time, so that a process that is killed leaves what it had
 * done: "NS acquired WHAT NODE CZXID COUNTER" and "NS releasing WHAT NODE CZXID COUNTER". NS is CLOCK_MONOTONIC,
 * which all processes of the machine share; the counter is a node that who holds alone adds one to.
 */
public final class History implements AutoCloseable {
  private final CuratorFramework client;
  private final long end;
  private final FileOutputStream file;
  private final String counter;
  private final File stop;
  private int turns;

  /** From the arguments MILLISECONDS FILE COUNTER. */
  public History(CuratorFramework client, Arguments arguments) throws IOException {
    this.client = client;
    end = System.nanoTime() + arguments.number() * 1000000;
    String name = arguments.text();
    file = new FileOutputStream(name, true);
    stop = new File(new File(name).getParentFile(), "stop");
    counter = arguments.text();
    arguments.end();
  }

  public boolean goesOn() {
    return System.nanoTime() < end && !stop.exists() && !Thread.currentThread().isInterrupted();
  }

  public int turns() {
    return turns;
  }

  /** To be called at once when it was acquired; returns when it is to be released. */
  public void hold(String what, String node, boolean alone) throws Exception {
    long acquired = System.nanoTime();
    long czxid = getCzxid(node);
    long value = read();
    write(acquired, "acquired", what, node, czxid, value);
    if (alone) {
      client.setData().forPath(counter, Long.toString(value + 1).getBytes(StandardCharsets.US_ASCII));
    }
    write(System.nanoTime(), "releasing", what, node, czxid, read());
    turns++;
  }

  private long getCzxid(String node) throws Exception {
    Stat stat = node.startsWith("/") ? client.checkExists().forPath(node) : null;
    return stat != null ? stat.getCzxid() : 0;
  }

  private long read() throws Exception {
    return Long.parseLong(new String(client.getData().forPath(counter), StandardCharsets.US_ASCII));
  }

  private void write(long ns, String event, String what, String node, long czxid, long value)
      throws IOException {
    String line = String.format("%d %s %s %s %d %d%n", ns, event, what, node, czxid, value);
    file.write(line.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
