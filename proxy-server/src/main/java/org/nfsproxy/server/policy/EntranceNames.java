package org.nfsproxy.server.policy;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

// The names by which a LOOKUP can come nearer to a rule's path. Asked for every LOOKUP, so it
// compares bytes where they lie. An origin's filesystem may take "XFS" for "xfs" (Windows, ZFS,
// ext4
// with casefold), or one sequence of code points for another: letters are compared without case,
// and
// whatever is not ASCII, here or there, may be the name.
final class EntranceNames {
  private final byte[][] names;
  private final boolean any;

  EntranceNames(List<ExportPath> paths) {
    List<String> components =
        paths.stream().flatMap(path -> path.components().stream()).distinct().toList();
    this.any = components.stream().anyMatch(name -> name.chars().anyMatch(c -> c >= 0x80));
    this.names =
        components.stream()
            .map(name -> name.getBytes(StandardCharsets.UTF_8))
            .map(EntranceNames::lower)
            .toArray(byte[][]::new);
  }

  boolean has(ByteBuf buffer, int at, int length) {
    if (names.length == 0) {
      return false;
    }
    if (any || isDots(buffer, at, length)) {
      return true;
    }
    for (byte[] name : names) {
      if (name.length == length && matches(name, buffer, at)) {
        return true;
      }
    }
    return isForeign(buffer, at, length);
  }

  private static boolean isDots(ByteBuf buffer, int at, int length) {
    return length == 2 && buffer.getByte(at) == '.' && buffer.getByte(at + 1) == '.';
  }

  private static boolean isForeign(ByteBuf buffer, int at, int length) {
    return buffer.forEachByte(at, length, each -> each >= 0) >= 0;
  }

  private static boolean matches(byte[] name, ByteBuf buffer, int at) {
    for (int i = 0; i < name.length; i++) {
      if (name[i] != lower(buffer.getByte(at + i))) {
        return false;
      }
    }
    return true;
  }

  private static byte[] lower(byte[] name) {
    byte[] lower = name.clone();
    for (int i = 0; i < lower.length; i++) {
      lower[i] = lower(lower[i]);
    }
    return lower;
  }

  private static byte lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? (byte) (letter + ('a' - 'A')) : letter;
  }
}
