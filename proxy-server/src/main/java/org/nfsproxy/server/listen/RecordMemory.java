package org.nfsproxy.server.listen;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of calls that all connections hold together: those that have begun and not ended, and those
 * that wait for a worker.
 */
// When the bound is passed, whoever holds more than a usual call's worth gives way. A small call is
// let through, so that a flood of large ones does not lock out everybody else.
final class RecordMemory {
  private static final int SMALL_BYTES_MAX = 16 * 1024;

  private final AtomicLong bytes = new AtomicLong();
  private final long bytesMax;

  RecordMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  void change(long difference) {
    if (difference != 0) {
      bytes.addAndGet(difference);
    }
  }

  boolean isExceededBy(long held) {
    return held > SMALL_BYTES_MAX && bytes.get() > bytesMax;
  }

  long bytes() {
    return bytes.get();
  }
}
