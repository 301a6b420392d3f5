package org.nfsproxy.server.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A path as it is printed, back to the bytes of its names on the wire. */
// Bytes stand there in octal behind a backslash (PathName), further characters as u{hex} behind one
// (Printable). A name in MOUNT's list that really has such text in it is not found.
final class PathBytes {
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:([0-3][0-7]{2})|u\\{(10[0-9a-f]{4}|[0-9a-f]{1,5})\\})");

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
    Matcher escape = ESCAPE.matcher(text);
    int at = 0;
    while (escape.find()) {
      bytes.writeBytes(utf8(text.substring(at, escape.start())));
      if (escape.group(1) != null) {
        bytes.write(Integer.parseInt(escape.group(1), 8));
      } else {
        bytes.writeBytes(utf8(Character.toString(Integer.parseInt(escape.group(2), 16))));
      }
      at = escape.end();
    }
    bytes.writeBytes(utf8(text.substring(at)));
    return bytes.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
