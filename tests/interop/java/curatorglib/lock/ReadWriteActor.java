/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.lock;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;

/** An InterProcessReadWriteLock. Who holds the write lock may take the read lock too, with the same actor. */
public final class ReadWriteActor extends Actor {
  /** Tells its node. */
  private static final class Write extends InterProcessReadWriteLock.WriteLock {
    Write(CuratorFramework client, String path) {
      super(client, path, null);
    }

    String node() {
      return getLockPath();
    }
  }

  /** Tells its node. */
  private static final class Read extends InterProcessReadWriteLock.ReadLock {
    Read(CuratorFramework client, String path, Write write) {
      super(client, path, null, write);
    }

    String node() {
      return getLockPath();
    }
  }

  private static final int READS_PER_WRITE = 3;

  private final CuratorFramework client;
  private final Write write;
  private final Read read;

  /** From the argument PATH. */
  public ReadWriteActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    String path = arguments.text();
    this.client = client;
    write = new Write(client, path);
    read = new Read(client, path, write);
    inOrder("acquire", this::acquire);
    inOrder("release", this::release);
    inOrder("revocable", this::makeRevocable);
    inOrder("churn", this::churn);
    atOnce("participants", left -> Answer.ok().withAll(choose(left).getParticipantNodes()));
  }

  private InterProcessMutex choose(Arguments arguments) {
    String which = arguments.text();
    switch (which) {
      case "read":
        return read;
      case "write":
        return write;
      default:
        throw new IllegalArgumentException("neither read nor write: " + which);
    }
  }

  private String node(InterProcessMutex lock) {
    return lock == read ? read.node() : write.node();
  }

  private Answer acquire(Arguments arguments) throws Exception {
    InterProcessMutex lock = choose(arguments);
    long timeoutMs = arguments.number();
    arguments.end();
    if (isForever(timeoutMs)) {
      lock.acquire();
    } else if (!lock.acquire(timeoutMs, TimeUnit.MILLISECONDS)) {
      return Answer.no();
    }
    return Answer.ok().with(node(lock));
  }

  private Answer release(Arguments arguments) throws Exception {
    choose(arguments).release();
    return Answer.ok();
  }

  private Answer makeRevocable(Arguments arguments) {
    InterProcessMutex lock = choose(arguments);
    lock.makeRevocable(of -> event("revoked", lock == read ? "read" : "write"));
    return Answer.ok();
  }

  private Answer churn(Arguments arguments) throws Exception {
    Random random = new Random();
    try (History history = new History(client, arguments)) {
      while (history.goesOn()) {
        InterProcessMutex lock = random.nextInt(READS_PER_WRITE + 1) == 0 ? write : read;
        lock.acquire();
        history.hold(lock == read ? "read" : "write", node(lock), lock == write);
        lock.release();
      }
      return Answer.ok().with(history.turns());
    }
  }
}
