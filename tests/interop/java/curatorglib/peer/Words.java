/* SPDX-License-Identifier: Apache-2.0 */
package curatorglib.peer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What lines are made of: words without white space, in which any bytes can stand as %XX; "%" is the empty word. */
public final class Words {
  private static final String EMPTY = "%";
  private static final String PLAIN = "-_./:,@+=*";

  private Words() {}

  public static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  public static String encode(byte[] data) {
    if (data == null || data.length == 0) {
      return EMPTY;
    }
    StringBuilder word = new StringBuilder();
    for (byte b : data) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
      word.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return word.toString();
  }

  public static byte[] decode(String word) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    if (word.equals(EMPTY)) {
      return data.toByteArray();
    }
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        data.write(bytes[i]);
        continue;
      }
      if (i + 2 >= bytes.length) {
        throw new IllegalArgumentException("bad escape in " + word);
      }
      data.write(hexDigit(bytes[i + 1]) * 16 + hexDigit(bytes[i + 2]));
      i += 2;
    }
    return data.toByteArray();
  }

  private static int hexDigit(byte b) {
    int digit = Character.digit((char) b, 16);
    if (digit < 0) {
      throw new IllegalArgumentException("bad hexadecimal digit in an escape");
    }
    return digit;
  }
}
