/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** Sessions, closed together. */
final class Clients implements AutoCloseable {
  private static final int SESSION_TIMEOUT_MS = 30000;
  private static final int CONNECT_TIMEOUT_MS = 15000;

  private final List<CuratorFramework> list = new ArrayList<>();

  Clients(String connectString, int count) throws Exception {
    try {
      for (int i = 0; i < count; i++) {
        list.add(open(connectString));
      }
    } catch (Exception error) {
      close();
      throw error;
    }
  }

  private static CuratorFramework open(String connectString) throws Exception {
    CuratorFramework client =
        CuratorFrameworkFactory.newClient(
            connectString, SESSION_TIMEOUT_MS, CONNECT_TIMEOUT_MS, new ExponentialBackoffRetry(100, 3));
    client.start();
    if (!client.blockUntilConnected(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
      client.close();
      throw new IllegalStateException("no connection to " + connectString);
    }
    return client;
  }

  CuratorFramework get(int index) {
    return list.get(index);
  }

  @Override
  public void close() {
    list.forEach(CuratorFramework::close);
  }
}
