package org.nfsproxy.server.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A path as it is printed, back to the bytes of its names on the wire. */
// PathName writes what cannot be printed as \ooo. Two octal digits more than a byte has room for
// are none of its escapes.
final class PathBytes {
  private PathBytes() {}

  /** The names between the slashes. */
  static List<byte[]> names(String path) {
    List<byte[]> names = new ArrayList<>();
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        names.add(bytes(name));
      }
    }
    return names;
  }

  /** The bytes of a path or a name. */
  static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int at = 0;
    while (at < text.length()) {
      if (isEscape(text, at)) {
        bytes.write(Integer.parseInt(text.substring(at + 1, at + 4), 8));
        at += 4;
      } else {
        int point = text.codePointAt(at);
        bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        at += Character.charCount(point);
      }
    }
    return bytes.toByteArray();
  }

  private static boolean isEscape(String text, int at) {
    return text.charAt(at) == '\\'
        && at + 4 <= text.length()
        && text.substring(at + 1, at + 4).matches("[0-3][0-7][0-7]");
  }
}
