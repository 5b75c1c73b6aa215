/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.bench;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;

/**
 * The latch workload, on LeaderLatch: of the participants, each a session of its own, the one that leads is closed,
 * until another one says that it leads. The closed one takes part again before the next time.
 */
final class LatchRun {
  /** Who leads since when. */
  private static final class Gain {
    final int index;
    final long ns;

    Gain(int index, long ns) {
      this.index = index;
      this.ns = ns;
    }
  }

  private static final long GAIN_TIMEOUT_S = 30;

  private final Job job;
  private final Tally tally;
  private final int total;
  private final String path;
  private final LinkedBlockingQueue<Gain> gains = new LinkedBlockingQueue<>();
  private final LeaderLatch[] latches;

  LatchRun(Job job, Tally tally, int warmup) {
    this.job = job;
    this.tally = tally;
    total = warmup + job.operations;
    path = job.root + "/latch";
    latches = new LeaderLatch[job.clients];
  }

  void run() throws Exception {
    try (Clients clients = new Clients(job.connect, job.clients)) {
      for (int i = 0; i < job.clients; i++) {
        enter(clients, i);
      }
      int leader = awaitLeader().index;
      for (int i = 0; i < total; i++) {
        long closedNs = System.nanoTime();
        latches[leader].close();
        Gain next = awaitLeader();
        tally.add(next.ns - closedNs);
        enter(clients, leader);
        leader = next.index;
      }
      for (LeaderLatch latch : latches) {
        latch.close();
      }
    }
  }

  private Gain awaitLeader() throws Exception {
    Gain gain;
    do {
      gain = gains.poll(GAIN_TIMEOUT_S, TimeUnit.SECONDS);
      if (gain == null) {
        throw new IllegalStateException(path + ": nobody leads");
      }
    } while (!latches[gain.index].hasLeadership()); // lost it again meanwhile
    return gain;
  }

  /** Until it has its place. */
  private void enter(Clients clients, int index) throws Exception {
    LeaderLatch latch = new LeaderLatch(clients.get(index), path, String.valueOf(index));
    latch.addListener(
        new LeaderLatchListener() {
          @Override
          public void isLeader() {
            gains.add(new Gain(index, System.nanoTime()));
          }

          @Override
          public void notLeader() {}
        });
    latches[index] = latch;
    latch.start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GAIN_TIMEOUT_S);
    while (latch.getOurPath() == null) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(path + ": no place");
      }
      TimeUnit.MICROSECONDS.sleep(50);
    }
  }
}
