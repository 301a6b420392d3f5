package org.nfsproxy.server.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Measure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data of files that were read before, with the version they are of. For all threads.
 *
 * <p>Nothing here says who may read what, or what a file holds now. That is what the origin says in
 * its reply to a READ of one byte, see {@link CachedRead}.
 */
// The proof that data belong to a version, which all else rests on:
//
//   s      a reply arrives that tells version V of the file         (firstSeenNanos)
//   r      a READ is sent, s + settled or later                      (sentNanos)
//   t      its reply arrives, with data, and V again
//
// 1. V was told at s and after the READ was executed, and an origin does not tell a version again
//    once it has told another. So V was in force all the time between, and the READ was executed
//    in it.
// 2. An origin whose versions are made from a clock may change a file twice in one tick, and tell V
//    both times. But V had been told at s, so its tick had begun then, and at r, two seconds later,
//    it was over. So no change at or after r has version V: the data are the only ones, from r on,
//    that V can mean. (Ticks: 1 to 10 ms in Linux, 100 ns in NTFS, 1 s in ext3, 2 s in FAT.)
// 3. An origin may show a version before the data that it is made for: Linux updates the inode, and
//    then copies the pages. A READ between tells V with older bytes. The WRITE that V is made for
//    was under way at s, so at r it has been at it for two seconds, and is taken to be done; a
//    write that takes longer is an exception that the guide names.
//
// A reply that is a replay would break it, since its data are older than r. READs are not replayed:
// NFSv4.1 is asked only where the slot's reply is not kept (`sa_cachethis`), and no origin is known
// to keep replies to READ of NFSv3 and v4.0, which may be executed twice.
//
// A version may also be known to be old, which takes the place of s: see Settled. And data may come
// from a Source, which was given them here, or somewhere else by the same proof.
//
// What is the same for all versions of NFS is done for all: an origin whose `change` is a counter
// (change_attr_type) would not need 2, but 3.
public final class ReadCache {
  private static final Logger log = LoggerFactory.getLogger(ReadCache.class);

  /** What may be on its way to clients where it lies, so that it may stay when it is evicted. */
  private static final int SLACK_SHARE = 16;

  /** What came last, whether it is admitted or not. */
  private static final int RECENT_SHARE = 4;

  /** Of the allocator: 8 KiB pages in chunks of 4 MiB, for two threads that fill at once. */
  private static final int ARENAS = 2;

  private static final int PAGE_BYTES = 8192;
  private static final int MAX_ORDER = 9;

  /** Of the time that a reply may wait: a source that takes longer than the origin is of no use. */
  private static final int SOURCE_WAIT_SHARE = 4;

  /** More than an origin sends for one READ is not announced; Linux and others have 1 MiB. */
  private static final long ANNOUNCED_BYTES_MAX = 1 << 20;

  /** Of more clients that take nothing some are waited for. */
  private static final int TAKING_NOTHING_MAX = 4096;

  /** A block in more pieces than that is put together when it is read again. */
  private static final int PIECES_MAX = 8;

  private final CacheBounds bounds;
  private final LongSupplier nanos;
  private final List<Source> sources;
  private final Settled settled;
  private final RecentExtents recent;
  private final PooledByteBufAllocator alloc =
      new PooledByteBufAllocator(true, 0, ARENAS, PAGE_BYTES, MAX_ORDER, 0, 0, false);
  private final HeldBytes held = new HeldBytes();
  private final Cache<FileKey, CachedFile> files;
  private final Cache<ExtentKey, Extent> extents;

  /** Clients that took nothing of what they were sent, lately. */
  private final Cache<Object, Boolean> takingNothing;

  final ReadCounts counts = new ReadCounts();

  /**
   * An empty cache.
   *
   * @param bounds what it may take
   * @param nanos this machine's clock, as {@link System#nanoTime}
   * @param millis its time of day, as {@link System#currentTimeMillis}
   * @param sources where else data may be, the nearest first
   */
  public ReadCache(
      CacheBounds bounds, LongSupplier nanos, LongSupplier millis, List<Source> sources) {
    this.bounds = bounds;
    this.nanos = nanos;
    this.sources = List.copyOf(sources);
    this.settled = new Settled(bounds, nanos, millis);
    this.recent = new RecentExtents(bounds.memoryBytesMax() / RECENT_SHARE);
    this.files =
        Caffeine.newBuilder()
            .maximumSize(bounds.filesMax())
            .executor(Runnable::run)
            .removalListener(
                (@Nullable FileKey key, @Nullable CachedFile file, RemovalCause cause) ->
                    forgotten(file))
            .build();
    this.takingNothing =
        Caffeine.newBuilder()
            .maximumSize(TAKING_NOTHING_MAX)
            .expireAfterWrite(Duration.ofNanos(Distrusted.NANOS))
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
    this.extents =
        Caffeine.newBuilder()
            .maximumWeight(roomBytes())
            .weigher((ExtentKey key, Extent extent) -> extent.takesBytes())
            .executor(Runnable::run)
            .removalListener(
                (@Nullable ExtentKey key, @Nullable Extent extent, RemovalCause cause) ->
                    removed(extent, cause))
            .build();
  }

  CacheBounds bounds() {
    return bounds;
  }

  long now() {
    return nanos.getAsLong();
  }

  /** The version of a file that was told last; null if none is known. */
  @Nullable CachedFile find(FileKey key) {
    CachedFile known = files.getIfPresent(key);
    if (known != null) {
      return known;
    }
    for (Source source : sources) {
      FileVersion version = source.version(key);
      if (version != null) {
        return files
            .asMap()
            .computeIfAbsent(key, same -> CachedFile.ofSource(same, version, now()));
      }
    }
    return null;
  }

  /**
   * Whether a range is here, or will soon be; then what is not is fetched from a source.
   *
   * @param asker for whom, see {@link Source.Wanted}
   */
  boolean hasOrBrings(Object asker, CachedFile file, long from, long to) {
    if (file.isHereOrComing(from, to, now())) {
      return true;
    }
    for (Source source : sources) {
      if (brings(source, asker, file, from, to)) {
        return true;
      }
    }
    return false;
  }

  private boolean brings(Source source, Object asker, CachedFile file, long from, long to) {
    Coming coming = new Coming(from, to, now() + bounds.waitNanos() / SOURCE_WAIT_SHARE, null);
    Arrival arrival =
        new Arrival() {
          @Override
          public void arrived(long offset, ByteBuf bytes) {
            keepAll(file, offset, bytes, bytes.readerIndex(), bytes.readableBytes(), source);
          }

          @Override
          public void ended() {
            file.coming.end(coming);
          }
        };
    boolean isComing =
        source.bring(new Source.Wanted(asker, file.key, file.version, from, to), arrival);
    if (isComing) {
      file.coming.add(coming, now());
    }
    return isComing;
  }

  /**
   * Says that a READ is sent for a range, so that others who read the same may wait for what of it
   * is kept.
   *
   * @param asker for whom, see {@link Source.Wanted}
   * @return what is to be ended when its reply has come; null if nobody is to wait for it
   */
  @Nullable Coming announce(Object asker, CachedFile file, long from, long to) {
    long first = Units.from(from);
    long end = Units.to(Math.min(to, first + ANNOUNCED_BYTES_MAX), file.version.size());
    return first < end
            && isSettled(file)
            && !isDistrusted(asker, file)
            && takingNothing.getIfPresent(asker) == null
            && hasRoom(end - first)
        ? comes(asker, file, first, end)
        : null;
  }

  /** Says that a client takes nothing of what it is sent: nobody waits for what it fetches. */
  void takesNothing(Object asker) {
    takingNothing.put(asker, true);
  }

  /** Whether nobody waits for what is fetched of a file for somebody. */
  boolean isDistrusted(Object asker, CachedFile file) {
    return file.coming.isDistrusted(asker, now());
  }

  /** Whether what is read by a READ that is sent now, and tells a version again, is kept. */
  boolean isSettled(CachedFile file) {
    return settled.has(file, now());
  }

  /**
   * Notes the version of a file that another instance tells.
   *
   * @return that version; null if the one that is known does not seem to be older
   */
  @Nullable CachedFile adopt(FileKey key, FileVersion version) {
    CachedFile known = find(key);
    if (known != null && known.version.equals(version)) {
      return known;
    }
    if (known != null && version.equals(known.before)) {
      return null; // the origin has told that it is over, whatever its times say
    }
    if (known != null && known.version.seemsOlderThan(version)) {
      sources.forEach(source -> source.forget(key));
    }
    CachedFile now =
        files
            .asMap()
            .compute(
                key,
                (same, old) ->
                    old == null || old.version.seemsOlderThan(version)
                        ? CachedFile.ofSource(same, version, now())
                        : old);
    return now.version.equals(version) ? now : null;
  }

  /** Says that a range is fetched, for somebody or by other instances. */
  Coming comes(Object asker, CachedFile file, long from, long to) {
    long now = now();
    Coming coming = new Coming(from, to, now + bounds.waitNanos(), asker);
    file.coming.add(coming, now);
    return coming;
  }

  private boolean hasRoom(long length) {
    return held.all() + length <= bounds.memoryBytesMax();
  }

  /** Keeps what another instance has proven to be of a version, as far as it is not here. */
  void keepBrought(CachedFile file, long offset, ByteBuf bytes) {
    keepAll(file, offset, bytes, bytes.readerIndex(), bytes.readableBytes(), null);
  }

  /** What other instances are served from. */
  public Shelf shelf() {
    return new MemoryShelf(this);
  }

  /** Says that a fetch of a file for somebody came to nothing. */
  void distrust(Object asker, CachedFile file) {
    file.coming.distrust(asker, now());
  }

  /** In how many nanoseconds data of a version may be kept; none or fewer: now. */
  long settlesIn(CachedFile file) {
    long now = now();
    return settled.has(file, now) ? 0 : file.firstSeenNanos + bounds.settledNanos() - now;
  }

  /** Memory that data may take with all that is beside them. */
  long roomBytes() {
    return bounds.memoryBytesMax()
        - bounds.memoryBytesMax() / SLACK_SHARE
        - bounds.memoryBytesMax() / RECENT_SHARE;
  }

  /** How much of it the data of a file take. */
  long needsBytes(long size) {
    return size + (size / bounds.blockBytes() + 1) * Extent.OVERHEAD_BYTES;
  }

  /**
   * Notes the version of a file that a reply tells.
   *
   * @param sentNanos when its call was not yet sent
   * @return that version; one that was told before keeps the time of its first
   */
  CachedFile seen(FileKey key, FileVersion version, long sentNanos) {
    CachedFile known = files.getIfPresent(key);
    if (known != null && known.version.equals(version)) {
      return known;
    }
    if (known != null && sentNanos - known.firstSeenNanos < 0) {
      // Of two READs under way at once it is not known which was executed first: what is told to
      // one that was sent later will say.
      CachedFile other = CachedFile.told(key, version, now(), sentNanos, null);
      other.leave();
      return other;
    }
    if (known != null) {
      settled.follows(known, version);
      sources.forEach(source -> source.forget(key));
    }
    return files
        .asMap()
        .compute(
            key,
            (same, old) ->
                old != null && old.version.equals(version)
                    ? old
                    : another(key, version, old, sentNanos));
  }

  private CachedFile another(
      FileKey key, FileVersion version, @Nullable CachedFile old, long sentNanos) {
    if (log.isDebugEnabled()) {
      Object before = old == null ? "none that is known" : old.version;
      log.debug("file {}: {} behind {}", key.handle(), version, before);
    }
    return CachedFile.told(key, version, now(), sentNanos, old == null ? null : old.version);
  }

  /**
   * Keeps what a READ has read, in whole {@link Units} and as far as it is not here.
   *
   * @param file its version, as told behind the READ
   * @param offset where the bytes are in the file
   * @param reply where they are
   * @param at index of the first one
   * @param length how many
   * @param sentNanos when the READ was not yet sent
   * @return whether they are proven to be of that version; then they are kept as far as there is
   *     room
   */
  boolean keep(CachedFile file, long offset, ByteBuf reply, int at, int length, long sentNanos) {
    boolean isProven = settled.has(file, sentNanos);
    if (isProven) {
      keepAll(file, offset, reply, at, length, null);
    } else {
      counts.unsettled.add(length);
    }
    return isProven;
  }

  private void keepAll(
      CachedFile file, long offset, ByteBuf reply, int at, int length, @Nullable Source broughtBy) {
    long from = Units.from(offset);
    long end = Units.to(offset + length, file.version.size());
    while (from < end) {
      long grid = from - from % bounds.blockBytes() + bounds.blockBytes();
      if (from % bounds.blockBytes() == 0 && grid <= end) {
        file.piecesIfMore(PIECES_MAX, from, grid).forEach(this::takeOut);
      }
      Extent here = file.holding(from);
      if (here != null) {
        from = here.end();
        continue;
      }
      long to = file.nextAfter(from, Math.min(grid, end));
      Extent kept = keepOne(file, from, reply, at + (int) (from - offset), (int) (to - from));
      if (kept == null) {
        counts.full.add(end - from);
        return;
      }
      offer(kept, broughtBy);
      from = to;
    }
  }

  private void offer(Extent kept, @Nullable Source broughtBy) {
    for (Source source : sources) {
      ByteBuf bytes = source == broughtBy ? null : kept.slice(kept.offset(), kept.end());
      if (bytes != null) {
        source.offer(kept.file.key, kept.file.version, kept.offset(), bytes);
        bytes.release();
      }
    }
  }

  private @Nullable Extent keepOne(
      CachedFile file, long offset, ByteBuf reply, int at, int length) {
    recent.makeRoom(() -> hasRoom(length));
    if (!hasRoom(length)) {
      return null;
    }
    ExtentBytes bytes;
    try {
      bytes = ExtentBytes.copy(alloc, reply, at, length, held);
    } catch (OutOfMemoryError none) {
      return null; // Java's direct memory is used up by others; the reply passes all the same
    }
    Extent extent = new Extent(file, offset, bytes);
    if (!file.add(extent)) {
      extent.drop();
      return extent;
    }
    counts.keptBytes.add(length);
    recent.add(extent);
    extents.put(extent.key, extent);
    if (file.isGone()) {
      takeOut(extent);
    }
    return extent;
  }

  /**
   * Bytes of a version.
   *
   * @param from offset of the first one
   * @param to behind the last one
   * @return one or more buffers in order, the caller's; null if not all are here
   */
  @Nullable List<ByteBuf> take(CachedFile file, long from, long to) {
    List<Extent> covering = file.covering(from, to);
    if (covering == null) {
      return null;
    }
    TakenBytes taken = new TakenBytes(to - from, covering.size(), isMuchSent());
    boolean isTaken = false;
    try {
      isTaken = takeAll(covering, from, to, taken);
    } finally {
      if (!isTaken) {
        taken.release();
      }
    }
    counts.copiedBytes.add(taken.copiedBytes());
    return isTaken ? taken.take() : null;
  }

  private boolean takeAll(List<Extent> covering, long from, long to, TakenBytes taken) {
    long at = from;
    for (Extent extent : covering) {
      long until = Math.min(extent.end(), to);
      Extent unused = extents.getIfPresent(extent.key); // asked so that it counts as used
      if (!taken.add(extent, at, until)) {
        if (extent.isDamaged()) {
          takeOutDamaged(extent);
        }
        return false;
      }
      at = until;
    }
    return true;
  }

  private boolean isMuchSent() {
    return held.sent() >= bounds.memoryBytesMax() / SLACK_SHARE;
  }

  private void takeOut(Extent extent) {
    extents.asMap().remove(extent.key, extent);
    extent.isUseless();
  }

  private void takeOutDamaged(Extent damaged) {
    if (damaged.file.remove(damaged)) {
      counts.damaged.increment();
      log.error(
          "{} bytes of file {} at {} were damaged here, and not sent",
          damaged.length(),
          damaged.file.key.handle(),
          damaged.offset());
      takeOut(damaged);
    }
  }

  private void forgotten(@Nullable CachedFile file) {
    if (file != null) {
      file.leave();
      file.extents().forEach(this::takeOut);
    }
  }

  private void removed(@Nullable Extent extent, RemovalCause cause) {
    if (extent != null) {
      if (cause == RemovalCause.SIZE) {
        extent.isEvicted();
        counts.evictedBytes.add(extent.length());
      } else {
        extent.isUseless();
      }
    }
  }

  /**
   * Forgets everything, what other places have as well.
   *
   * @return bytes of data that were in memory
   */
  // Sources first: what they have brought by then is forgotten behind them.
  public long purge() {
    sources.forEach(Source::clear);
    return clear();
  }

  /**
   * Forgets what is in memory, which is given back as soon as it is on its way to nobody.
   *
   * @return bytes of data that were here
   */
  public long clear() {
    long bytes = extents.asMap().values().stream().mapToLong(Extent::length).sum();
    files.invalidateAll();
    extents.invalidateAll();
    recent.clear();
    return bytes;
  }

  /** Bytes of data that are held, those among them that clients are still being sent. */
  public long heldBytes() {
    return held.all();
  }

  /** What is counted. */
  public List<Measure> measures() {
    extents.cleanUp();
    return counts.measures(held.all(), bounds.memoryBytesMax(), files.estimatedSize());
  }
}
