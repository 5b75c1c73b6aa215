/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.bench;

import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;

/** The workloads without a recipe, by the framework's blocking calls. */
final class PlainRun {
  private final CuratorFramework client;
  private final Job job;
  private final Tally tally;
  private final int total;

  PlainRun(CuratorFramework client, Job job, Tally tally, int warmup) {
    this.client = client;
    this.job = job;
    this.tally = tally;
    total = warmup + job.operations;
  }

  void get() throws Exception {
    for (int i = 0; i < total; i++) {
      long sentNs = System.nanoTime();
      client.getData().forPath(job.root);
      tally.add(System.nanoTime() - sentNs);
    }
  }

  void create() throws Exception {
    for (int i = 0; i < total; i++) {
      long sentNs = System.nanoTime();
      String path =
          client.create().withMode(CreateMode.EPHEMERAL_SEQUENTIAL).forPath(job.root + "/n-", job.data);
      tally.add(System.nanoTime() - sentNs);
      client.delete().forPath(path);
    }
  }
}
