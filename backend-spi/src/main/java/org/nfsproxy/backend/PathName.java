package org.nfsproxy.backend;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names of a path as text. On the wire a name is bytes, and any bytes but {@code /} and 0. */
// Two names must never become one text, and no text may end a line of a log or change a terminal:
// what is not printable UTF-8 is written as Linux writes mount points in /proc/mounts.
public final class PathName {
  private PathName() {}

  /**
   * A name as text.
   *
   * @param name the bytes on the wire
   * @return the text; a backslash, control characters, and every byte of a name that is no UTF-8
   *     but for ASCII, are written {@code \ooo} in octal
   */
  public static String text(byte[] name) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException notText) {
      text = new String(name, StandardCharsets.ISO_8859_1);
      return escaped(text, 0x7f);
    }
    return escaped(text, Character.MAX_CODE_POINT + 1);
  }

  private static String escaped(String text, int from) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              if (point >= from || point == '\\' || Character.isISOControl(point)) {
                out.append('\\');
                octal(out, point);
              } else {
                out.appendCodePoint(point);
              }
            });
    return out.toString();
  }

  private static void octal(StringBuilder out, int point) {
    for (int shift = 6; shift >= 0; shift -= 3) {
      out.append((char) ('0' + (point >> shift & 7)));
    }
  }

  /**
   * The path of what has a name in a directory.
   *
   * @param path the directory's
   * @param name as text
   * @return a path
   */
  public static String below(String path, String name) {
    return path.equals("/") ? path + name : path + "/" + name;
  }

  /**
   * The path of the directory above.
   *
   * @param path absolute
   * @return a path; the root is its own
   */
  public static String above(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
