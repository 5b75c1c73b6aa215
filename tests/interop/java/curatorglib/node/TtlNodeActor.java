/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.node;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.nodes.PersistentTtlNode;

/** A PersistentTtlNode. */
public final class TtlNodeActor extends Actor {
  private final PersistentTtlNode node;

  /** From the arguments PATH TTL-MS DATA. */
  public TtlNodeActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    node = new PersistentTtlNode(client, arguments.text(), arguments.number(), arguments.data());
    inOrder("start", this::start);
    inOrder("set", this::set);
    inOrder("get", left -> Answer.ok().withData(node.getData()));
    inOrder("close", this::closeNode);
    atOnce("await", this::await);
  }

  private Answer start(Arguments arguments) {
    arguments.end();
    node.start();
    return Answer.ok();
  }

  private Answer set(Arguments arguments) throws Exception {
    node.setData(arguments.data());
    return Answer.ok();
  }

  private Answer await(Arguments arguments) throws Exception {
    long timeoutMs = arguments.number();
    arguments.end();
    return Answer.of(node.waitForInitialCreate(timeoutMs, TimeUnit.MILLISECONDS));
  }

  private Answer closeNode(Arguments arguments) {
    arguments.end();
    node.close();
    return Answer.ok();
  }

  @Override
  protected void close() {
    node.close();
  }
}
