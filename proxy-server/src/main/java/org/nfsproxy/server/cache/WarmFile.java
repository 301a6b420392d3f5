package org.nfsproxy.server.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ReadOrigin;

/** One file that is being read as a whole, and how far that is. For one thread. */
final class WarmFile {
  /** A file that changes more often while it is read is one that is written. */
  private static final int CHANGES_MAX = 3;

  /** A second each. */
  private static final int DELAYS_MAX = 30;

  /** The same, for a disk that has to write it. */
  private static final int LOOKS_MAX = 5;

  /**
   * A part of it.
   *
   * @param from offset of its first byte
   * @param to behind its last
   */
  record Range(long from, long to) {
    int length() {
      return (int) (to - from);
    }
  }

  final WarmItem item;
  final FileKey key;
  private final ObjectIdentity identity;
  private final Holdings holdings;
  private final Deque<Range> again = new ArrayDeque<>();
  private @Nullable CachedFile file;
  private boolean hasChanged;
  private @Nullable String failure;
  private long next;
  private int underWay;
  private int changes;
  private int delays;
  private int looks;
  long reservedBytes;

  WarmFile(WarmItem item, Found found, Holdings holdings) {
    this.item = item;
    this.key = new FileKey(found.handle(), item.nfsVersion());
    this.identity = found.identity();
    this.holdings = holdings;
  }

  /** Whether a version is one of this file, as its handle names no other. */
  boolean isOf(FileVersion version) {
    return version.fileid() == identity.fileid()
        && version.fsidMajor() == identity.fsidMajor()
        && version.fsidMinor() == identity.fsidMinor();
  }

  /** Begins with a version, from its first byte on. */
  void begin(CachedFile version) {
    file = version;
    hasChanged = false;
    next = 0;
    again.clear();
  }

  /** Its version; not before there is one. */
  CachedFile file() {
    if (file == null) {
      throw new IllegalStateException("no version has been told");
    }
    return file;
  }

  /** The next part that is not here, which is then under way; null if there is none now. */
  @Nullable Range next() {
    Range range = isOver() ? null : again.poll();
    if (range == null && !isOver()) {
      range = nextMissing();
    }
    if (range != null) {
      underWay++;
    }
    return range;
  }

  private @Nullable Range nextMissing() {
    CachedFile version = file();
    long size = version.version.size();
    long from = holdings.until(version, next, size);
    if (from >= size) {
      next = size;
      return null;
    }
    long to = Math.min(holdings.gap(version, from, size), from + ReadOrigin.READ_BYTES_MAX);
    next = to;
    return new Range(from, to);
  }

  /** Says that a part has come, or some of it. */
  void came(Range range, OwnReads.Told told) {
    underWay--;
    if (told.file() != file()) {
      hasChanged = true;
    } else if (told.length() == 0) {
      fail("it ends before the size that the origin tells of it");
    } else if (Units.last(range.from) != range.from) {
      fail(
          "the origin sends less than %d bytes for a READ, too little to keep"
              .formatted(Units.BYTES));
    } else if (told.length() < range.length()) {
      long read = range.from + told.length();
      long unit = Units.last(read); // which was not kept, if it was not read whole
      again.add(new Range(unit > range.from ? unit : read, range.to));
    }
  }

  /** Whether a part that did not come may be asked for again, later. */
  boolean mayAskAgain() {
    return ++delays <= DELAYS_MAX;
  }

  /** Says that a part is to be asked for again. */
  void askAgain(Range range) {
    underWay--;
    again.add(range);
  }

  /** Says that a part will not come. */
  void lost(String cause) {
    underWay--;
    fail(cause);
  }

  void fail(String cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  @Nullable String failure() {
    return failure;
  }

  boolean isUnderWay() {
    return underWay > 0;
  }

  private boolean isOver() {
    return failure != null || hasChanged;
  }

  /** Says that it is another version by now. */
  void hasChanged() {
    hasChanged = true;
  }

  /** Whether it is to be read anew, since it has changed; not if it does so too often. */
  boolean beginsAnew() {
    if (failure != null || !hasChanged && !file().isGone()) {
      return false;
    }
    if (++changes > CHANGES_MAX) {
      fail("it has changed %d times while it was read".formatted(changes));
      return false;
    }
    return true;
  }

  /** Whether to look again for what has come and is not here, once it may have been written. */
  boolean looksAgain() {
    return ++looks <= LOOKS_MAX;
  }
}
