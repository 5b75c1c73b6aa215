/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.curator.framework.CuratorFramework;

/** Apache Curator, for comparison: does the jobs that come on standard input, and ends with it. */
public final class Bench {
  /** That this program does not do it. */
  private static final class UnsupportedJob extends Exception {
    private static final long serialVersionUID = 1;

    UnsupportedJob(Job job) {
      super(job.variant + " has no workload " + job.workload + " with window " + job.window);
    }
  }

  private static final Set<String> WORKLOADS =
      Set.of("get", "create", "lock-acquire", "lock-cycle", "lock-contended", "lock-shared",
          "latch-failover");
  private static final Set<String> WARM = new HashSet<>();

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(lines));
    reader.setDaemon(true);
    reader.start();
    while (true) {
      System.out.println(answer(lines.take()));
    }
  }

  /** A runner that ends or dies while a job runs must not leave it running. */
  private static void read(LinkedBlockingQueue<String> lines) {
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        lines.add(line);
      }
    } catch (IOException error) {
      System.err.println(error.getMessage());
    }
    Runtime.getRuntime().halt(0);
  }

  private static String answer(String line) {
    try {
      Job job = new Job(line);
      int warmup = chooseWarmup(job);
      Tally tally = new Tally(warmup, job.operations);
      run(job, tally, warmup);
      return tally.toJson();
    } catch (UnsupportedJob error) {
      return toJson("unsupported", error);
    } catch (Exception error) {
      return toJson("error", error);
    }
  }

  /** The first run of each kind has as much again to warm up by, for the compiler's sake. */
  private static int chooseWarmup(Job job) {
    boolean first = WARM.add(job.workload + job.clients);
    return first ? Math.max(job.warmup, job.operations) : job.warmup;
  }

  private static void run(Job job, Tally tally, int warmup) throws Exception {
    if (!job.variant.equals("sync") || job.window != 1 || !WORKLOADS.contains(job.workload)) {
      throw new UnsupportedJob(job);
    }
    try (Clients clients = new Clients(job.connect, 1)) {
      CuratorFramework client = clients.get(0);
      client.create().forPath(job.root, job.data);
      runWorkload(client, job, tally, warmup);
      client.delete().deletingChildrenIfNeeded().forPath(job.root);
    }
  }

  private static void runWorkload(CuratorFramework client, Job job, Tally tally, int warmup)
      throws Exception {
    switch (job.workload) {
      case "get":
        new PlainRun(client, job, tally, warmup).get();
        break;
      case "create":
        new PlainRun(client, job, tally, warmup).create();
        break;
      case "lock-acquire":
      case "lock-cycle":
      case "lock-contended":
      case "lock-shared":
        new LockRun(job, tally, warmup).run();
        break;
      case "latch-failover":
        new LatchRun(job, tally, warmup).run();
        break;
      default:
        throw new UnsupportedJob(job);
    }
  }

  private static String toJson(String status, Exception error) {
    String message = String.valueOf(error.getMessage() != null ? error.getMessage() : error);
    String escaped = message.replaceAll("[\\p{Cntrl}\"\\\\]", "'");
    return "{\"status\":\"" + status + "\",\"message\":\"" + escaped + "\"}";
  }
}
