package org.nfsproxy.server.audit;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A name as a client sent it, in a text from which its bytes can be told: UTF-8 as it is, a
 * backslash as two, each byte that is no UTF-8 as {@code \\x} and two hexadecimal digits.
 */
// Control characters stay: what writes JSON escapes them.
final class WireName {
  private WireName() {}

  static String text(byte[] name) {
    return isPlain(name) ? new String(name, StandardCharsets.US_ASCII) : escaped(name);
  }

  private static boolean isPlain(byte[] name) {
    for (byte each : name) {
      if (each < 0 || each == '\\') {
        return false;
      }
    }
    return true;
  }

  private static String escaped(byte[] name) {
    StringBuilder text = new StringBuilder(name.length + 8);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(name);
    CharBuffer out = CharBuffer.allocate(name.length + 1);
    while (true) {
      CoderResult result = decoder.reset().decode(in, out, true);
      out.flip();
      append(text, out);
      out.clear();
      if (!result.isError()) {
        return text.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        text.append("\\x").append(HexFormat.of().toHexDigits(in.get()));
      }
    }
  }

  private static void append(StringBuilder text, CharBuffer chars) {
    while (chars.hasRemaining()) {
      char next = chars.get();
      text.append(next);
      if (next == '\\') {
        text.append('\\');
      }
    }
  }
}
