/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.peer;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lines on standard output, from all threads. */
final class Output {
  private static final FileOutputStream STREAM = new FileOutputStream(FileDescriptor.out);

  private Output() {}

  static synchronized void line(String text) {
    try {
      STREAM.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException nobodyListens) {
      Runtime.getRuntime().halt(1);
    }
  }
}
