package org.nfsproxy.server.policy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

// The names by which a LOOKUP can come nearer to a rule's path. Asked for every LOOKUP, so it
// compares bytes where they lie. An origin's filesystem may take "XFS" for "xfs" (Windows, ZFS,
// ext4
// with casefold), or one sequence of code points for another: letters are compared without case,
// and
// whatever is not ASCII, here or there, may be the name.
//
// The names are in buckets of their hashes, so a thousand rules cost what one does.
final class EntranceNames {
  private final byte[][][] buckets;
  private final boolean none;
  private final boolean any;

  EntranceNames(List<ExportPath> paths) {
    List<String> components =
        paths.stream().flatMap(path -> path.components().stream()).distinct().toList();
    this.any = components.stream().anyMatch(name -> name.chars().anyMatch(c -> c >= 0x80));
    this.none = components.isEmpty();
    this.buckets = new byte[Integer.highestOneBit(components.size()) * 2 + 1][][];
    components.stream()
        .map(name -> lower(name.getBytes(StandardCharsets.UTF_8)))
        .forEach(this::put);
  }

  private void put(byte[] name) {
    int bucket = bucket(hash(Unpooled.wrappedBuffer(name), 0, name.length));
    byte[][] before = buckets[bucket];
    byte[][] after = before == null ? new byte[1][] : Arrays.copyOf(before, before.length + 1);
    after[after.length - 1] = name;
    buckets[bucket] = after;
  }

  boolean has(ByteBuf buffer, int at, int length) {
    if (none) {
      return false;
    }
    if (any || isDots(buffer, at, length)) {
      return true;
    }
    byte[][] candidates = buckets[bucket(hash(buffer, at, length))];
    for (int i = 0; candidates != null && i < candidates.length; i++) {
      if (candidates[i].length == length && matches(candidates[i], buffer, at)) {
        return true;
      }
    }
    return isForeign(buffer, at, length);
  }

  private int bucket(int hash) {
    return Integer.remainderUnsigned(hash, buckets.length);
  }

  // FNV-1a of the letters without case.
  private static int hash(ByteBuf buffer, int at, int length) {
    int hash = 0x811c9dc5;
    for (int i = at; i < at + length; i++) {
      hash = (hash ^ lower(buffer.getByte(i)) & 0xff) * 0x01000193;
    }
    return hash;
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
