package org.nfsproxy.server.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.nfsproxy.backend.PathName;

/** Words of strangers, so that they neither end a line nor change a terminal. */
// PathName does this for names of files, with the control characters. What a server calls itself is
// cut short too, and loses what hides or turns text round (bidirectional marks).
public final class Printable {
  private Printable() {}

  /**
   * Makes text harmless.
   *
   * @param charsMax the longest text that stays whole
   * @return the text, what is not printable of ASCII in octal as {@link PathName} writes it, other
   *     control and format characters by their number in hexadecimal, {@code u{202e}} behind a
   *     backslash; cut with an ellipsis
   */
  public static String text(String text, int charsMax) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .takeWhile(point -> out.length() <= charsMax)
        .forEach(
            point -> {
              if (isHarmless(point)) {
                out.appendCodePoint(point);
              } else {
                out.append((point < 0x80 ? "\\%03o" : "\\u{%x}").formatted(point));
              }
            });
    return out.length() > charsMax ? cut(out, charsMax) + "…" : out.toString();
  }

  private static String cut(StringBuilder text, int charsMax) {
    boolean splitsPair = Character.isHighSurrogate(text.charAt(charsMax - 1));
    return text.substring(0, splitsPair ? charsMax - 1 : charsMax);
  }

  /**
   * Makes bytes that should be UTF-8 harmless.
   *
   * @param bytes as on the wire
   * @param charsMax the longest text that stays whole
   * @return as {@link #text(String, int)}; bytes that are no UTF-8 in octal
   */
  public static String text(byte[] bytes, int charsMax) {
    boolean isCut = bytes.length > 4L * charsMax;
    byte[] few = isCut ? Arrays.copyOf(bytes, 4 * charsMax) : bytes;
    String utf8 = new String(few, StandardCharsets.UTF_8);
    boolean isText = utf8.indexOf('\ufffd') < 0;
    return text(isText ? utf8 : PathName.text(few), charsMax);
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
