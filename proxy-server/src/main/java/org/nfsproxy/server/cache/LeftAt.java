package org.nfsproxy.server.cache;

import java.util.Arrays;

/** Where clients go on reading that were sent one byte because data did not come. */
// They are sent the rest as it comes from the origin: else they might get a byte at a time.
final class LeftAt {
  private static final int OFFSETS = 16;
  private static final long NONE = -1;

  private final long[] offsets = new long[OFFSETS];
  private int next;

  LeftAt() {
    Arrays.fill(offsets, NONE);
  }

  synchronized void add(long offset) {
    offsets[next++ % OFFSETS] = offset;
  }

  /** Whether a client was left there; it is told once. */
  synchronized boolean take(long offset) {
    for (int i = 0; i < OFFSETS; i++) {
      if (offsets[i] == offset) {
        offsets[i] = NONE;
        return true;
      }
    }
    return false;
  }
}
