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

  /** When a reply first told of it, by this machine's clock, or a source did. */
  final long firstSeenNanos;

  /** When it was certainly not yet replaced: the call of that reply was not yet sent. */
  final long askedNanos;

  /** Whether it was a source, so that a reply had told of it before. */
  final boolean isFromSource;

  /** The version that the origin told before; null if none is known. */
  final @Nullable FileVersion before;

  /** What of it is not here yet. */
  final ComingRanges coming = new ComingRanges();

  private volatile @Nullable LeftAt leftAt;

  private final ConcurrentSkipListMap<Long, Extent> extents = new ConcurrentSkipListMap<>();
  private volatile boolean isGone;
  private @Nullable ReadStreams streams;
  private volatile boolean haveRested;
  private volatile long restUntilNanos;

  private CachedFile(
      FileKey key,
      FileVersion version,
      long firstSeenNanos,
      long askedNanos,
      boolean isFromSource,
      @Nullable FileVersion before) {
    this.key = key;
    this.version = version;
    this.firstSeenNanos = firstSeenNanos;
    this.askedNanos = askedNanos;
    this.isFromSource = isFromSource;
    this.before = before;
  }

  /** One that a reply tells, to a call that was sent at {@code askedNanos}. */
  static CachedFile told(
      FileKey key,
      FileVersion version,
      long nowNanos,
      long askedNanos,
      @Nullable FileVersion before) {
    return new CachedFile(key, version, nowNanos, askedNanos, false, before);
  }

  /** One of which a source has data. */
  static CachedFile ofSource(FileKey key, FileVersion version, long nowNanos) {
    return new CachedFile(key, version, nowNanos, nowNanos, true, null);
  }

  /** Who reads it one part behind the other. */
  synchronized ReadStreams streams() {
    if (streams == null) {
      streams = new ReadStreams();
    }
    return streams;
  }

  /** Says that nothing is to be read ahead of them until some time. */
  void restStreams(long untilNanos) {
    restUntilNanos = untilNanos;
    haveRested = true;
  }

  boolean streamsRest(long nowNanos) {
    return haveRested && restUntilNanos - nowNanos > 0;
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

  /** Takes an extent out; false if it is not in. */
  boolean remove(Extent extent) {
    return extents.remove(extent.offset(), extent);
  }

  /** The extents that begin in a range, if they are more than some; else none. */
  List<Extent> piecesIfMore(int some, long from, long to) {
    List<Extent> pieces = List.copyOf(extents.subMap(from, to).values());
    return pieces.size() > some ? pieces : List.of();
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

  /** Notes that a client was sent one byte of many, and goes on at an offset. */
  void leaveAt(long offset) {
    LeftAt known = leftAt;
    if (known == null) {
      known = new LeftAt();
      leftAt = known;
    }
    known.add(offset);
  }

  /** Whether a READ from an offset on goes on behind such a byte. */
  boolean goesOnAt(long offset) {
    LeftAt known = leftAt;
    return known != null && known.take(offset);
  }

  /** Whether a range is here, or will soon be. */
  boolean isHereOrComing(long from, long to, long nowNanos) {
    long at = from;
    for (int pieces = 0; at < to; pieces++) {
      long next = reach(at, nowNanos);
      if (pieces == PIECES_MAX || next == at) {
        return false;
      }
      at = next;
    }
    return true;
  }

  /** Behind what is here, or coming, with a byte in it; the byte itself if it is neither. */
  private long reach(long offset, long nowNanos) {
    Extent here = holding(offset);
    if (here != null) {
      return here.end();
    }
    Coming next = coming.holding(offset, nowNanos);
    return next == null ? offset : next.to;
  }

  /** The first part of a range that is not here but coming; null if none is, or one is neither. */
  @Nullable Coming awaited(long from, long to, long nowNanos) {
    long at = from;
    while (at < to) {
      Extent here = holding(at);
      if (here == null) {
        return coming.holding(at, nowNanos);
      }
      at = here.end();
    }
    return null;
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
