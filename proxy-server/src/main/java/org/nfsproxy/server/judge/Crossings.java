package org.nfsproxy.server.judge;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.VersionedFsid;

/**
 * Steps along the namespace that led into another filesystem than the one that was expected, and
 * where they led when the origin was asked. Bounded. Safe for use by several threads.
 */
// Nothing rests on what is kept here: it chooses the fsid that the origin checks when it executes
// the step. Without it, each walk over a mount point that no path tells of would be told DELAY
// first.
final class Crossings {
  /** Some 200 bytes each; an origin has fewer mount points that are entered. */
  static final int KEPT_MAX = 4096;

  /** The filesystem that steps lead into; without a name as long as nobody has asked. */
  private record Expected(@Nullable VersionedFsid fsid) {}

  private final Map<Way, Expected> kept = new ConcurrentHashMap<>();

  /**
   * Steps from a handle.
   *
   * @param from the handle; null for the root of the namespace
   * @param steps names, one behind the other; one of no bytes is a step up
   */
  record Way(@Nullable Filehandle from, List<ByteBuffer> steps) {
    static Way of(@Nullable Filehandle from, List<byte[]> steps) {
      List<ByteBuffer> names = new ArrayList<>(steps.size());
      steps.forEach(name -> names.add(ByteBuffer.wrap(name)));
      return new Way(from, List.copyOf(names));
    }
  }

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

  private void put(Way way, @Nullable VersionedFsid fsid) {
    if (kept.size() >= KEPT_MAX) {
      kept.clear();
    }
    kept.put(way, new Expected(fsid));
  }
}
