package org.nfsproxy.backend.coordinated.memory;

import java.time.Instant;
import org.nfsproxy.backend.coordinated.files.FileTime;

/** The clock of a filesystem. */
// Strictly increasing: two changes never have one ctime, so clients and guards that compare it see
// each of them, however coarse the machine's clock is.
final class Times {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private long lastNanos;

  FileTime now() {
    Instant instant = Instant.now();
    long nanos = instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano();
    lastNanos = Math.max(nanos, lastNanos + 1);
    return new FileTime((int) (lastNanos / NANOS_PER_SECOND), (int) (lastNanos % NANOS_PER_SECOND));
  }

  static boolean isBefore(FileTime one, FileTime other) {
    int seconds = Integer.compareUnsigned(one.seconds(), other.seconds());
    return seconds < 0 || seconds == 0 && one.nanos() < other.nanos();
  }
}
