/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.shared;

import curatorglib.peer.Arguments;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What somebody has made of a number, a line for each time, so that a process that is killed leaves it. */
final class Tally implements AutoCloseable {
  private final long end;
  private final FileOutputStream file;
  private final File stop;
  private int lines;

  /** From the arguments MILLISECONDS [FILE]. */
  Tally(Arguments arguments) throws IOException {
    end = System.nanoTime() + arguments.number() * 1000000;
    String name = arguments.hasMore() ? arguments.text() : null;
    file = name != null ? new FileOutputStream(name, true) : null;
    stop = name != null ? new File(new File(name).getParentFile(), "stop") : null;
    arguments.end();
  }

  boolean goesOn() {
    return System.nanoTime() < end
        && (stop == null || !stop.exists())
        && !Thread.currentThread().isInterrupted();
  }

  int lines() {
    return lines;
  }

  void add(Object number) throws IOException {
    lines++;
    if (file != null) {
      file.write((number + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
