package org.nfsproxy.server.listen;

import java.util.concurrent.atomic.AtomicLong;
import org.nfsproxy.server.configuration.Limits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes of calls that all connections hold together: those that have begun and not ended, and those
 * that wait for a worker.
 */
// When the bound is passed, whoever holds more than a usual call's worth gives way. A small call is
// let through, so that a flood of large ones does not lock out everybody else.
//
// The bytes lie in Java's direct memory, beside replies and the rounding up of buffers. If that is
// used up, reading fails for every client, so the bound is one that is reached before.
final class RecordMemory {
  private static final int SMALL_BYTES_MAX = 16 * 1024;

  private static final Logger log = LoggerFactory.getLogger(RecordMemory.class);

  private final AtomicLong bytes = new AtomicLong();
  private final long bytesMax;

  RecordMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * The memory that is configured, or half of Java's direct memory if that is less; but always room
   * for one record.
   *
   * @param directBytesMax the direct memory that Java may take
   */
  static RecordMemory within(Limits limits, long directBytesMax) {
    long configured = limits.recordMemoryBytesMax();
    long bytesMax = Math.max(limits.recordBytesMax(), Math.min(configured, directBytesMax / 2));
    if (bytesMax < configured) {
      log.warn(
          "limits.recordMemoryBytesMax: {} is more than half of the {} bytes of direct memory that"
              + " Java may take, so it is {} for now. Lower it, or start Java with"
              + " -XX:MaxDirectMemorySize={}",
          configured,
          directBytesMax,
          bytesMax,
          2 * configured);
    }
    return new RecordMemory(bytesMax);
  }

  void change(long difference) {
    if (difference != 0) {
      bytes.addAndGet(difference);
    }
  }

  boolean isExceededBy(long held) {
    return held > SMALL_BYTES_MAX && bytes.get() > bytesMax;
  }

  long bytesMax() {
    return bytesMax;
  }

  long bytes() {
    return bytes.get();
  }
}
