/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.node;

import curatorglib.peer.Actor;
import curatorglib.peer.Answer;
import curatorglib.peer.Arguments;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.zookeeper.CreateMode;

/** A PersistentNode. */
public final class NodeActor extends Actor {
  private final PersistentNode node;

  /** From the arguments PATH MODE DATA [protected]; the modes are ZooKeeper's, in lower case with hyphens. */
  public NodeActor(CuratorFramework client, String id, Arguments arguments) {
    super(id);
    String path = arguments.text();
    CreateMode mode = CreateMode.valueOf(arguments.text().toUpperCase(Locale.ROOT).replace('-', '_'));
    byte[] data = arguments.data();
    boolean isProtected = arguments.text("").equals("protected");
    node = new PersistentNode(client, mode, isProtected, path, data);
    node.getListenable().addListener(created -> event("created", created));
    inOrder("start", this::start);
    inOrder("set", this::set);
    inOrder("get", left -> Answer.ok().withData(node.getData()));
    inOrder("path", left -> Answer.ok().with(node.getActualPath()));
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

  private Answer closeNode(Arguments arguments) throws IOException {
    arguments.end();
    node.close();
    return Answer.ok();
  }
}
