package org.nfsproxy.backend.coordinated;

import io.netty.util.internal.PlatformDependent;

/**
 * How much memory replies may have.
 *
 * @param bytesMax for all together; 0 for a quarter of what Java may have outside of its heap
 * @param connectionBytesMax for one connection
 * @param stallMillis how long a client may take no byte while others wait
 */
record ReplyBounds(long bytesMax, long connectionBytesMax, int stallMillis) {
  /** Some of the largest replies. */
  static final long BYTES_MIN = 8L << 20;

  /** The bound, with nothing taken. */
  ReplyRoom room() {
    return new ReplyRoom(bytesMax == 0 ? quarter() : bytesMax, connectionBytesMax);
  }

  private static long quarter() {
    return Math.max(BYTES_MIN, PlatformDependent.maxDirectMemory() / 4);
  }
}
