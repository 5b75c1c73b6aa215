/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;

/**
 * The lock workloads, on InterProcessMutex: each client is a session and a thread of its own, or, where the lock is
 * shared, a thread with the one object.
 */
final class LockRun {
  private final Job job;
  private final Tally tally;
  private final String path;
  private int left;
  private int holders;
  private long grantedNs;

  LockRun(Job job, Tally tally, int warmup) {
    this.job = job;
    this.tally = tally;
    path = job.root + "/lock";
    // As many turns more as there are clients keep the lock contended until the last one that is measured.
    left = warmup + job.operations + (job.clients > 1 ? job.clients : 0);
  }

  void run() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(job.clients);
    ExecutorCompletionService<Void> ended = new ExecutorCompletionService<>(threads);
    boolean shared = job.workload.equals("lock-shared");
    try (Clients clients = new Clients(job.connect, shared ? 1 : job.clients)) {
      List<InterProcessMutex> mutexes = new ArrayList<>();
      for (int i = 0; i < job.clients; i++) {
        mutexes.add(shared && i > 0 ? mutexes.get(0) : new InterProcessMutex(clients.get(i), path));
      }
      grantedNs = System.nanoTime();
      for (InterProcessMutex mutex : mutexes) {
        ended.submit(
            () -> {
              takeTurns(mutex);
              return null;
            });
      }
      // Who waits hears nothing of another one's failure, so that the first one ends the run.
      for (int i = 0; i < job.clients; i++) {
        ended.take().get();
      }
    } catch (ExecutionException error) {
      throw error.getCause() instanceof Exception ? (Exception) error.getCause() : error;
    } finally {
      threads.shutdownNow();
    }
  }

  private synchronized boolean takeTurn() {
    return left-- > 0;
  }

  private void takeTurns(InterProcessMutex mutex) throws Exception {
    while (takeTurn()) {
      long askedNs = System.nanoTime();
      mutex.acquire();
      countGrant(askedNs);
      letGo();
      mutex.release();
      countRelease(askedNs);
    }
  }

  private synchronized void countGrant(long askedNs) throws Exception {
    long now = System.nanoTime();
    if (holders++ != 0) {
      throw new IllegalStateException(path + " was granted twice");
    }
    if (job.workload.equals("lock-acquire")) {
      tally.add(now - askedNs);
    } else if (job.workload.equals("lock-contended") || job.workload.equals("lock-shared")) {
      tally.add(now - grantedNs);
    }
    grantedNs = now;
  }

  private synchronized void letGo() {
    holders--;
  }

  private synchronized void countRelease(long askedNs) throws Exception {
    if (job.workload.equals("lock-cycle")) {
      tally.add(System.nanoTime() - askedNs);
    }
  }
}
