package org.nfsproxy.server.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** One version of a file, since when it is known, and what of its data is here. */
// A change makes another one. Extents of one file may overlap, if two READs of it were answered at
// once; their bytes are the same there, since the version is.
final class CachedFile {
  /**
   * The most extents for one reply. A READ of 1 MiB that was filled in pages has 256; the system
   * takes 1,024 pieces at once.
   */
  private static final int PIECES_MAX = 512;

  final FileKey key;
  final FileVersion version;

  /** When a reply first told of it, by this machine's clock. */
  final long firstSeenNanos;

  private final ConcurrentSkipListMap<Long, Extent> extents = new ConcurrentSkipListMap<>();
  private volatile boolean isGone;

  CachedFile(FileKey key, FileVersion version, long firstSeenNanos) {
    this.key = key;
    this.version = version;
    this.firstSeenNanos = firstSeenNanos;
  }

  /** Whether it had been known for so long at some moment. */
  boolean wasSettled(long atNanos, long settledNanos) {
    return atNanos - firstSeenNanos >= settledNanos;
  }

  /** Says that another version has been seen, or that it is forgotten. */
  void leave() {
    isGone = true;
  }

  boolean isGone() {
    return isGone;
  }

  /** Adds an extent; false if there is one with its offset. */
  boolean add(Extent extent) {
    return extents.putIfAbsent(extent.offset(), extent) == null;
  }

  void remove(Extent extent) {
    extents.remove(extent.offset(), extent);
  }

  List<Extent> extents() {
    return List.copyOf(extents.values());
  }

  /**
   * What covers a range.
   *
   * @param from its first offset
   * @param to behind its last
   * @return extents in order, each reaching at least to the next; null if something is missing
   */
  @Nullable List<Extent> covering(long from, long to) {
    List<Extent> found = new ArrayList<>(8);
    long at = from;
    while (at < to) {
      Extent next = holding(at);
      if (next == null || found.size() == PIECES_MAX) {
        return null;
      }
      found.add(next);
      at = next.end();
    }
    return found;
  }

  /** The extent with a byte in it; null if there is none. */
  @Nullable Extent holding(long offset) {
    Map.Entry<Long, Extent> before = extents.floorEntry(offset);
    return before == null || before.getValue().end() <= offset ? null : before.getValue();
  }

  /** Where the next extent behind an offset begins; {@code otherwise} if none does before that. */
  long nextAfter(long offset, long otherwise) {
    Long next = extents.higherKey(offset);
    return next == null ? otherwise : Math.min(next, otherwise);
  }
}
