package org.nfsproxy.server.cache;

import org.jspecify.annotations.Nullable;

/**
 * What the origin need not send again: what is in memory, and on a disk below it. For all threads.
 */
public final class Holdings {
  private final ReadCache cache;
  private final @Nullable Source below;

  /**
   * A cache, and what it offers to and brings from.
   *
   * @param below a disk; null for none
   */
  public Holdings(ReadCache cache, @Nullable Source below) {
    this.cache = cache;
    this.below = below;
  }

  ReadCache cache() {
    return cache;
  }

  /** Whether more may be kept than memory has room for. */
  boolean isDeep() {
    return below != null && below.roomBytes() > cache.roomBytes();
  }

  /** How much may be kept. */
  long roomBytes() {
    return below != null && isDeep() ? below.roomBytes() : cache.roomBytes();
  }

  /** How much of it the data of a file take. */
  long needsBytes(long size) {
    return below != null && isDeep() ? below.needsBytes(size) : cache.needsBytes(size);
  }

  /** How far all bytes are kept from one on, up to some other; the first if it is not kept. */
  long until(CachedFile file, long from, long to) {
    long at = from;
    while (at < to) {
      Extent here = file.holding(at);
      long next = here != null ? here.end() : belowUntil(file, at, gap(file, at, to));
      if (next == at) {
        return at;
      }
      at = next;
    }
    return Math.min(at, to);
  }

  /** Where what is not in memory ends: with its block, or where memory goes on. */
  long gap(CachedFile file, long from, long to) {
    int blockBytes = cache.bounds().blockBytes();
    return file.nextAfter(from, Math.min(from - from % blockBytes + blockBytes, to));
  }

  private long belowUntil(CachedFile file, long from, long to) {
    return below != null && below.has(file.key, file.version, from, to) ? to : from;
  }

  /** Bytes of a file that are kept. */
  long bytesHere(CachedFile file) {
    long size = file.version.size();
    long here = 0;
    long at = 0;
    while (at < size) {
      long until = until(file, at, size);
      here += until - at;
      at = until < size ? gap(file, until, size) : size;
    }
    return here;
  }
}
