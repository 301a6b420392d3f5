package org.nfsproxy.server.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What of one version of a file is coming. For all threads. */
// A client whose fetches come to nothing (it may not read the file, it does not take its replies)
// would have others wait for nothing, each time anew: after one of those, for a while everybody
// fetches for himself.
final class ComingRanges {
  /** More fetches of one file at once than that are not waited for by others. */
  private static final int RANGES_MAX = 1024;

  /** How long nobody waits for clients' fetches of a file of which one came to nothing. */
  static final long DISTRUST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ConcurrentSkipListMap<Long, Coming> ranges = new ConcurrentSkipListMap<>();
  private volatile boolean isDistrusted;
  private volatile long distrustedUntilNanos;

  /** Says that a range is coming. */
  void add(Coming coming, long nowNanos) {
    if (ranges.size() >= RANGES_MAX) {
      ranges.values().removeIf(each -> each.isLate(nowNanos));
    }
    if (ranges.size() < RANGES_MAX) {
      ranges.put(coming.from, coming);
      if (coming.hasEnded()) {
        ranges.remove(coming.from, coming);
      }
    }
  }

  /** Says that a range is here, or will not be. */
  void end(Coming coming) {
    ranges.remove(coming.from, coming);
    coming.end();
  }

  /** Says that one came to nothing. */
  void distrust(long untilNanos) {
    distrustedUntilNanos = untilNanos;
    isDistrusted = true;
  }

  /** What is coming with a byte in it; null if nothing is that is worth waiting for. */
  @Nullable Coming holding(long offset, long nowNanos) {
    Map.Entry<Long, Coming> before = ranges.isEmpty() ? null : ranges.floorEntry(offset);
    if (before == null || before.getValue().to <= offset) {
      return null;
    }
    Coming coming = before.getValue();
    if (coming.isLate(nowNanos)) {
      lose(coming, nowNanos);
      return null;
    }
    return !coming.isOfSource && isDistrusted(nowNanos) ? null : coming;
  }

  private void lose(Coming late, long nowNanos) {
    if (ranges.remove(late.from, late) && !late.isOfSource) {
      distrust(nowNanos + DISTRUST_NANOS);
    }
    late.end(); // who still waits for it
  }

  /** Whether nobody waits for what clients fetch. */
  boolean isDistrusted(long nowNanos) {
    return isDistrusted && distrustedUntilNanos - nowNanos > 0;
  }
}
