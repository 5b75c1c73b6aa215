/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.peer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The words of a command, taken one after the other. What is wrong with them is an IllegalArgumentException. */
public final class Arguments {
  private final List<String> words;
  private int next;

  public Arguments(String line) {
    String trimmed = line.strip();
    words = trimmed.isEmpty() ? List.of() : Arrays.asList(trimmed.split("\\s+"));
  }

  public boolean hasMore() {
    return next < words.size();
  }

  public byte[] data() {
    if (!hasMore()) {
      throw new IllegalArgumentException("an argument is missing");
    }
    return Words.decode(words.get(next++));
  }

  public String text() {
    return new String(data(), StandardCharsets.UTF_8);
  }

  /** The next word, or what stands for it where there is none. */
  public String text(String otherwise) {
    return hasMore() ? text() : otherwise;
  }

  public long number() {
    return Long.parseLong(text());
  }

  public int integer() {
    return Integer.parseInt(text());
  }

  public List<String> rest() {
    List<String> list = new ArrayList<>();
    while (hasMore()) {
      list.add(text());
    }
    return list;
  }

  public void end() {
    if (hasMore()) {
      throw new IllegalArgumentException("more arguments than expected: " + words.get(next));
    }
  }
}
