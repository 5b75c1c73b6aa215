/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.bench;

import java.util.HashMap;
import java.util.Map;

/** A line of the runner's. */
final class Job {
  private final Map<String, String> fields = new HashMap<>();

  final String workload;
  final String variant;
  final String connect;
  final String root;
  final int window;
  final int clients;
  final int operations;
  final int warmup;
  final byte[] data;

  Job(String line) {
    String[] words = line.strip().split(" ");
    if (!words[0].equals("run")) {
      throw new IllegalArgumentException("not a run line");
    }
    for (int i = 1; i < words.length; i++) {
      int sign = words[i].indexOf('=');
      if (sign > 0) {
        fields.put(words[i].substring(0, sign), words[i].substring(sign + 1));
      }
    }
    workload = text("workload");
    variant = text("variant");
    connect = text("connect");
    root = text("root");
    window = number("window", 1);
    clients = number("clients", 1);
    operations = number("operations", 1);
    warmup = number("warmup", 0);
    data = "x".repeat(number("data-size", 0)).getBytes();
  }

  private String text(String key) {
    String value = fields.get(key);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("field " + key + ": missing");
    }
    return value;
  }

  private int number(String key, int min) {
    int value = Integer.parseInt(text(key));
    if (value < min) {
      throw new IllegalArgumentException("field " + key + ": bad value " + value);
    }
    return value;
  }
}
