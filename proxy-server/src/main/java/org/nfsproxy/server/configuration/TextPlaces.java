package org.nfsproxy.server.configuration;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The text of a configuration file, and its places by line and column, both from 1 on. */
record TextPlaces(String text) {
  private static final String BOM_CURE = ": save it as UTF-8 without one";

  /**
   * The text of a file's bytes.
   *
   * @throws ConfigurationException if they are no text, or none at all
   */
  static TextPlaces of(byte[] bytes) throws ConfigurationException {
    refuseOtherEncodings(bytes);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
    TextPlaces places = new TextPlaces(text.flip().toString());
    if (result.isError()) {
      throw places.refused(
          places.text.length(), "a byte that is no UTF-8: save the file as UTF-8, without a BOM");
    }
    if (places.text.isBlank()) {
      throw new ConfigurationException(List.of("is empty; expected an object: { ... }"));
    }
    return places;
  }

  private static void refuseOtherEncodings(byte[] bytes) throws ConfigurationException {
    String found =
        begins(bytes, 0xef, 0xbb, 0xbf)
            ? "a byte order mark (BOM)"
            : begins(bytes, 0xff, 0xfe) || begins(bytes, 0xfe, 0xff)
                ? "the byte order mark of UTF-16"
                : "";
    if (!found.isEmpty()) {
      throw new ConfigurationException(List.of("line 1, column 1: " + found + BOM_CURE));
    }
  }

  private static boolean begins(byte[] bytes, int... with) {
    for (int i = 0; i < with.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != with[i]) {
        return false;
      }
    }
    return true;
  }

  ConfigurationException refused(int offset, String reason) {
    int at = Math.min(offset, text.length());
    int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    int column = at - text.lastIndexOf('\n', at - 1);
    return refused(line, column, reason);
  }

  static ConfigurationException refused(int line, int column, String reason) {
    return new ConfigurationException(
        List.of("line " + line + ", column " + column + ": " + reason));
  }

  /** The character at an offset; 0 at the end. */
  char at(int offset) {
    return offset < text.length() ? text.charAt(offset) : 0;
  }

  /** The last character before an offset that is no blank; 0 if there is none. */
  char before(int offset) {
    int at = Math.min(offset, text.length()) - 1;
    while (at >= 0 && Character.isWhitespace(text.charAt(at))) {
      at--;
    }
    return at < 0 ? 0 : text.charAt(at);
  }

  /** The word at an offset, or the one character that stands there. */
  String wordAt(int offset) {
    int end = offset;
    while (end < text.length() && "{}[],:\"' \t\r\n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return text.substring(offset, Math.min(text.length(), Math.max(end, offset + 1)));
  }
}
