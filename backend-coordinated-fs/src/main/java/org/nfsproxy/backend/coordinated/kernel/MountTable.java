package org.nfsproxy.backend.coordinated.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The mounts that this process sees: /proc/self/mountinfo, proc(5). */
//   36 35 98:0 /folder /mnt/a rw,noatime shared:1 - ext4 /dev/sdb rw
//   id parent  root    mount point
final class MountTable {
  private static final Path SOURCE = Path.of("/proc/self/mountinfo");

  /**
   * A mount.
   *
   * @param parent id of the mount it is in
   * @param root what of its filesystem is mounted; {@code /} is all of it
   * @param point where
   */
  record Row(long parent, byte[] root, byte[] point) {
    boolean isWhole() {
      return root.length == 1;
    }

    String pointText() {
      return new String(point, StandardCharsets.UTF_8);
    }

    String rootText() {
      return new String(root, StandardCharsets.UTF_8);
    }
  }

  private final Map<Long, Row> byId = new LinkedHashMap<>();

  MountTable(String text) {
    text.lines()
        .map(line -> line.split(" "))
        .forEach(
            fields ->
                byId.put(
                    Long.parseLong(fields[0]),
                    new Row(
                        Long.parseLong(fields[1]), unescaped(fields[3]), unescaped(fields[4]))));
  }

  /** The mounts at this moment. */
  static MountTable read() throws UnsuitableException {
    try {
      return new MountTable(Files.readString(SOURCE, StandardCharsets.ISO_8859_1));
    } catch (IOException missing) {
      throw new UnsuitableException("needs " + SOURCE + ": mount /proc (" + missing + ")");
    }
  }

  /** All mounts; of two at one point, the one that is seen is the later. */
  List<Row> rows() {
    return List.copyOf(byId.values());
  }

  /** A mount by its id; null if it is not in the table. */
  @Nullable Row get(long id) {
    return byId.get(id);
  }

  /** Space, tab, line feed and backslash are written {@code \ooo}, in octal. */
  private static byte[] unescaped(String field) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < field.length(); at++) {
      if (field.charAt(at) == '\\') {
        out.write(Integer.parseInt(field.substring(at + 1, at + 4), 8));
        at += 3;
      } else {
        out.write(field.charAt(at));
      }
    }
    return out.toByteArray();
  }
}
