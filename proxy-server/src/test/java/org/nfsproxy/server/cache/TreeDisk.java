package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A disk that writes at once, and of which only it is known what is there. */
final class TreeDisk implements Source {
  private record Version(FileKey key, FileVersion version) {}

  /** By the offset of its first byte, the offset behind its last. */
  private final Map<Version, NavigableMap<Long, Long>> ranges = new HashMap<>();

  /** None, until a test has one. */
  long roomBytes;

  /** How many of the next pieces are not written. */
  int drops;

  @Override
  public FileVersion version(FileKey key) {
    return null;
  }

  @Override
  public boolean has(FileKey key, FileVersion version, long from, long to) {
    NavigableMap<Long, Long> all = ranges.getOrDefault(new Version(key, version), new TreeMap<>());
    long at = from;
    while (at < to) {
      Map.Entry<Long, Long> before = all.floorEntry(at);
      if (before == null || before.getValue() <= at) {
        return false;
      }
      at = before.getValue();
    }
    return true;
  }

  @Override
  public long roomBytes() {
    return roomBytes;
  }

  @Override
  public boolean bring(Wanted wanted, Arrival arrival) {
    return false;
  }

  @Override
  public void offer(FileKey key, FileVersion version, long offset, ByteBuf bytes) {
    if (roomBytes == 0 || drops > 0) {
      drops--;
      return;
    }
    ranges
        .computeIfAbsent(new Version(key, version), same -> new TreeMap<>())
        .put(offset, offset + bytes.readableBytes());
  }

  @Override
  public void forget(FileKey key) {}

  @Override
  public void clear() {
    ranges.clear();
  }
}
