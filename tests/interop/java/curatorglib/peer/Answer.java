/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.peer;

import java.util.Collection;
import java.util.StringJoiner;

/** What came of a command: "ok" or "no", and values. */
public final class Answer {
  private final StringJoiner line = new StringJoiner(" ");

  private Answer(String status) {
    line.add(status);
  }

  public static Answer ok() {
    return new Answer("ok");
  }

  /** It was not to be had, in time or at all, which is no error. */
  public static Answer no() {
    return new Answer("no");
  }

  public static Answer of(boolean succeeded) {
    return succeeded ? ok() : no();
  }

  public Answer with(Object value) {
    line.add(Words.encode(String.valueOf(value)));
    return this;
  }

  public Answer withData(byte[] data) {
    line.add(Words.encode(data));
    return this;
  }

  public Answer withAll(Collection<?> values) {
    values.forEach(this::with);
    return this;
  }

  static Answer error(Throwable error) {
    return new Answer("error").with(error.getClass().getSimpleName()).with(error.getMessage());
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
