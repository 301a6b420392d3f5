package org.nfsproxy.server.configuration;

import org.jspecify.annotations.Nullable;

/**
 * What the cache gets of the memory that it was given, by what Java may take outside of its heap.
 *
 * @param configured {@code cache.memoryBytesMax}
 * @param directBytesMax the most that Java takes outside of its heap
 */
public record CacheMemory(long configured, long directBytesMax) {
  /** Direct memory for calls, replies and TLS, of which a quarter is `recordMemoryBytesMax`. */
  private static final long OTHERS_BYTES = 1L << 30;

  /** Bytes of data that it may hold. */
  // Pieces are rounded up to what the allocator gives: to a quarter more.
  public long bytesMax() {
    long free = Math.max(directBytesMax / 4, (directBytesMax - OTHERS_BYTES) / 5 * 4);
    return Math.min(configured, free);
  }

  /** What is to be said of it; null if it gets all. */
  public @Nullable String doubt() {
    return bytesMax() == configured
        ? null
        : "%d is more than the %d bytes of direct memory that Java may take leave beside all else, so it is %d for now. Lower it, or start Java with -XX:MaxDirectMemorySize=%d"
            .formatted(configured, directBytesMax, bytesMax(), configured / 4 * 5 + OTHERS_BYTES);
  }
}
