package org.nfsproxy.server.judge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.exports.VersionedFsid;

/**
 * Steps along the namespace that led into another filesystem than the one that was expected, and
 * where they led when the origin was asked. Bounded. Safe for use by several threads.
 */
// Nothing rests on what is kept here: it chooses the fsid that the origin checks when it executes
// the step. Without it, each walk over a mount point that no path tells of would be told DELAY
// first. So all of it is forgotten where it is too much, whoever made it so.
final class Crossings {
  /** An origin has fewer mount points that are entered. */
  static final int KEPT_MAX = 4096;

  /** A quarter of KiB for each of them: some names of usual length, and a handle. */
  static final long BYTES_MAX = KEPT_MAX * 256L;

  /** The filesystem that steps lead into; without a name as long as nobody has asked. */
  private record Expected(@Nullable VersionedFsid fsid) {}

  private final Map<Way, Expected> kept = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  /** Whether nothing was ever kept, so that no way need be made to ask. */
  boolean isEmpty() {
    return kept.isEmpty();
  }

  /** Whether steps led elsewhere, and nobody has asked yet where they lead. */
  boolean isToBeAsked(Way way) {
    Expected expected = kept.get(way);
    return expected != null && expected.fsid == null;
  }

  /** Where steps were found to lead; null if nobody knows. */
  @Nullable VersionedFsid find(Way way) {
    Expected expected = kept.get(way);
    return expected == null ? null : expected.fsid;
  }

  /** Says that steps led elsewhere than expected. */
  void ledElsewhere(Way way) {
    put(way, null);
  }

  /** Says where the origin says that steps lead. */
  void lead(Way way, VersionedFsid fsid) {
    put(way, fsid);
  }

  /** What is kept takes in memory at most. */
  long bytes() {
    return bytes.get();
  }

  // Those who put at once may count a few bytes too much or too little, until all is forgotten.
  private void put(Way way, @Nullable VersionedFsid fsid) {
    if (kept.size() >= KEPT_MAX || bytes.get() + way.bytes() > BYTES_MAX) {
      kept.clear();
      bytes.set(0);
    }
    if (kept.put(way, new Expected(fsid)) == null) {
      bytes.addAndGet(way.bytes());
    }
  }
}
