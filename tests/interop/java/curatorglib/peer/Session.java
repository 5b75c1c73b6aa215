/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.peer;

import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.ZooKeeper;

/** The peer's session, and what it can tell of it. */
final class Session {
  private static final int CONNECT_TIMEOUT_MS = 15000;

  private final CuratorFramework client;

  Session(String connectString, int timeoutMs) throws Exception {
    client =
        CuratorFrameworkFactory.builder()
            .connectString(connectString)
            .sessionTimeoutMs(timeoutMs)
            .connectionTimeoutMs(CONNECT_TIMEOUT_MS)
            .retryPolicy(new ExponentialBackoffRetry(20, 8))
            .build();
    client
        .getConnectionStateListenable()
        .addListener((of, state) -> Output.line("event peer " + Words.encode(state.name().toLowerCase())));
    client.start();
    if (!client.blockUntilConnected(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
      client.close();
      throw new IllegalStateException("no connection to " + connectString);
    }
  }

  CuratorFramework client() {
    return client;
  }

  Answer describe() throws Exception {
    ZooKeeper handle = client.getZookeeperClient().getZooKeeper();
    return Answer.ok()
        .with(Long.toUnsignedString(handle.getSessionId(), 16))
        .withData(handle.getSessionPasswd())
        .with(handle.getSessionTimeout());
  }

  void close() {
    client.close();
  }
}
