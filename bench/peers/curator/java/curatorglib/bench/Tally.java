/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.bench;

import java.io.IOException;
import java.util.Locale;

/** The samples of a run: those of the warm-up are dropped, and so are those after the last that was asked for. */
final class Tally {
  private final int warmup;
  private final double[] samplesUs;
  private int seen;
  private int count;
  private Meter start;
  private Meter end;

  Tally(int warmup, int operations) throws IOException {
    this.warmup = warmup;
    samplesUs = new double[operations];
    if (warmup == 0) {
      start = new Meter(true);
    }
  }

  void add(long ns) throws IOException {
    seen++;
    if (seen > warmup && count < samplesUs.length) {
      samplesUs[count++] = ns / 1e3;
      if (count == samplesUs.length) {
        end = new Meter(false);
      }
    } else if (seen == warmup) {
      start = new Meter(true);
    }
  }

  String toJson() {
    if (end == null) {
      throw new IllegalStateException(count + " of " + samplesUs.length + " operations were done");
    }
    StringBuilder json = new StringBuilder();
    json.append(
        String.format(
            Locale.ROOT,
            "{\"status\":\"ok\",\"wall_us\":%.3f,\"cpu_us\":%.3f,\"switches\":%d,\"samples_us\":[",
            (end.wallNs - start.wallNs) / 1e3,
            (end.cpuNs - start.cpuNs) / 1e3,
            Math.max(end.switches - start.switches, 0)));
    for (int i = 0; i < samplesUs.length; i++) {
      json.append(i > 0 ? "," : "").append(String.format(Locale.ROOT, "%.3f", samplesUs[i]));
    }
    return json.append("]}").toString();
  }
}
