/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has spent so far. */
final class Meter {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  final long wallNs;
  final long cpuNs;
  final long switches;

  /** The order of the readings keeps what they cost out of the times. */
  Meter(boolean starting) throws IOException {
    if (starting) {
      switches = countSwitches();
      cpuNs = SYSTEM.getProcessCpuTime();
      wallNs = System.nanoTime();
    } else {
      wallNs = System.nanoTime();
      cpuNs = SYSTEM.getProcessCpuTime();
      switches = countSwitches();
    }
  }

  /** Of the threads that live: Java has no getrusage(). */
  private static long countSwitches() throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        sum += countSwitches(task.resolve("status"));
      }
    }
    return sum;
  }

  private static long countSwitches(Path status) throws IOException {
    long sum = 0;
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.contains("voluntary_ctxt_switches:")) {
          sum += Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
        }
      }
    } catch (IOException failed) {
      // A thread may end between the listing and the end of the reading, and be missed in either way.
      if (Files.exists(status)) {
        throw failed;
      }
      return 0;
    }
    return sum;
  }
}
