package org.nfsproxy.server.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What of one version of a file is coming. For all threads. */
// Whoever's fetches come to nothing would have others wait for nothing, each time anew. So they are
// not noted for a while: see Distrusted.
final class ComingRanges {
  /** More fetches of one file at once than that are not waited for by others. */
  private static final int RANGES_MAX = 1024;

  /** How often those are looked for that are late and that nobody waits for. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ConcurrentSkipListMap<Long, Coming> ranges = new ConcurrentSkipListMap<>();
  private volatile long lookedNanos;
  private volatile @Nullable Distrusted distrusted;

  /** Says that a range is coming. */
  void add(Coming coming, long nowNanos) {
    if (ranges.isEmpty()) {
      lookedNanos = nowNanos;
    } else if (ranges.size() >= RANGES_MAX || nowNanos - lookedNanos >= LOOK_NANOS) {
      lookedNanos = nowNanos;
      loseLate(nowNanos);
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

  /** Says that a fetch for somebody came to nothing. */
  void distrust(Object asker, long nowNanos) {
    if (distrusted(nowNanos).add(asker, nowNanos)) {
      forgetOf(asker);
    }
  }

  // Who waits already does so on. They are in nobody else's way any more.
  private void forgetOf(Object asker) {
    ranges.values().removeIf(each -> asker.equals(each.asker));
  }

  private synchronized Distrusted distrusted(long nowNanos) {
    Distrusted known = distrusted;
    if (known == null) {
      known = new Distrusted(nowNanos);
      distrusted = known;
    }
    return known;
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
    return coming.asker != null && isDistrusted(coming.asker, nowNanos) ? null : coming;
  }

  private void loseLate(long nowNanos) {
    for (Coming each : ranges.values()) {
      if (each.isLate(nowNanos)) {
        lose(each, nowNanos);
      }
    }
  }

  private void lose(Coming late, long nowNanos) {
    Object asker = late.asker;
    if (ranges.remove(late.from, late) && asker != null) {
      boolean isNew =
          asker == Coming.NEIGHBOURS
              ? distrusted(nowNanos).add(asker, nowNanos)
              : distrusted(nowNanos).addLate(asker, nowNanos);
      if (isNew) {
        forgetOf(asker);
      }
    }
    late.end(); // who still waits for it
  }

  /** Whether nobody waits for what is fetched for somebody. */
  boolean isDistrusted(Object asker, long nowNanos) {
    Distrusted known = distrusted;
    return known != null && known.has(asker, nowNanos);
  }
}
