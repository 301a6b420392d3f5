package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.edit.VersionedRead;
import org.nfsproxy.nfs.table.HandlesOut;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Registers;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.server.call.ReplyOpener;

/**
 * What becomes of calls that read, once they may be forwarded: a READ whose data are here asks for
 * one byte. For all threads.
 */
// Which operations are sent depends on the call alone, never on what is here: a retry by way of
// another instance with a cache, or after an eviction, has the same operations, so a reply that the
// origin has kept of the one is a reply to the other. Only the count differs.
//
// COMPOUNDs of other shapes pass as they are, and so do READs in a session whose reply is to be
// kept (ReadCache says why), and READ_PLUS, whose results may be holes that a client can tell from
// zeros.
public final class CachedReads {
  private static final int NFS_VERSION = 4;

  private final ReadCache cache;
  private final ReadsByExport byExport;
  private final @Nullable ReadAhead ahead;
  private final LongSupplier nonces;
  private final Object asker;
  private volatile @Nullable MissedRanges missed;

  /**
   * Reads through a cache.
   *
   * @param byExport counts what they come to
   */
  public CachedReads(ReadCache cache, ReadsByExport byExport) {
    this(cache, byExport, null);
  }

  /**
   * Reads through a cache, and ahead of clients.
   *
   * @param byExport counts what they come to
   * @param ahead reads ahead; null for nothing
   */
  public CachedReads(ReadCache cache, ReadsByExport byExport, @Nullable ReadAhead ahead) {
    this(cache, byExport, ahead, new Nonces());
  }

  CachedReads(
      ReadCache cache, ReadsByExport byExport, @Nullable ReadAhead ahead, LongSupplier nonces) {
    this(cache, byExport, ahead, nonces, "nobody", null);
  }

  private CachedReads(
      ReadCache cache,
      ReadsByExport byExport,
      @Nullable ReadAhead ahead,
      LongSupplier nonces,
      Object asker,
      @Nullable MissedRanges missed) {
    this.cache = cache;
    this.byExport = byExport;
    this.ahead = ahead;
    this.nonces = nonces;
    this.asker = asker;
    this.missed = missed;
  }

  /**
   * The same for calls of one client: what they ask of a disk counts for it.
   *
   * @param client the same for all its connections
   */
  public CachedReads of(Object client) {
    return new CachedReads(cache, byExport, ahead, nonces, client, missed);
  }

  /**
   * Is told a call as it goes to the origin, with the credential that it has there.
   *
   * @param opener of its reply
   */
  public static void leaves(@Nullable ReplyOpener opener, ByteBuf record) {
    if (opener instanceof CachedRead read && read.ahead() != null) {
      read.ahead().leaves(record);
    }
  }

  /** Whether a call of NFSv3, whose arguments the walk has read, is one of these. */
  public boolean concerns(ArgumentsWalk walk, ByteBuf record) {
    return walk.rangeAt() >= 0 && isOfInterest(record, walk.rangeAt());
  }

  /** From now on asks other instances for what is missing, before the origin. */
  public void askFirst(Neighbourhood neighbourhood) {
    missed = new MissedRanges(cache, neighbourhood);
  }

  /**
   * Asks them for what a call of NFSv3 reads, if that is of use.
   *
   * @return completes in a bounded time; null if the call need not wait
   */
  public @Nullable Future<Heard> ask(ArgumentsWalk walk, ByteBuf record) {
    return walk.rangeAt() < 0 ? null : ask(handle(walk, record), record, walk.rangeAt());
  }

  /**
   * Asks them for what a COMPOUND reads, if that is of use.
   *
   * @param read the READ's number
   * @return completes in a bounded time; null if the call need not wait
   */
  public @Nullable Future<Heard> ask(CompoundWalk<Nfs4> walk, ByteBuf record, int read) {
    return ask(handle(walk, record, read), record, rangeAt(walk, read));
  }

  private @Nullable Future<Heard> ask(FileKey key, ByteBuf record, int rangeAt) {
    MissedRanges asking = missed;
    return asking == null || !isOfInterest(record, rangeAt)
        ? null
        : asking.ask(asker, key, record.getLong(rangeAt), record.getInt(rangeAt + 8));
  }

  private static FileKey handle(ArgumentsWalk walk, ByteBuf record) {
    return new FileKey(Filehandle.copy(record, walk.handleAt(0), walk.handleLength(0)), 3);
  }

  private static FileKey handle(CompoundWalk<Nfs4> walk, ByteBuf record, int read) {
    int put = read - 1;
    return new FileKey(
        Filehandle.copy(record, walk.handleAt(put), walk.handleLength(put)), NFS_VERSION);
  }

  private static int rangeAt(CompoundWalk<Nfs4> walk, int read) {
    return walk.parts().at(walk.find(read, Part.RANGE));
  }

  /**
   * A call of NFSv3, whose arguments the walk has read.
   *
   * @param record may be changed, in place
   * @param export the number of the export that it is counted for
   * @param heard what other instances say
   * @param next what opens its reply anyway; null for nothing
   * @return what opens its reply then
   */
  public @Nullable ReplyOpener procedure(
      ArgumentsWalk walk, ByteBuf record, long export, Heard heard, @Nullable ReplyOpener next) {
    int rangeAt = walk.rangeAt();
    if (!concerns(walk, record)) {
      return next;
    }
    return opener(handle(walk, record), record, rangeAt, null, export, heard, next);
  }

  /**
   * Where the READ of a COMPOUND is that this has to do with.
   *
   * @return the operation; -1 if there is none, and the COMPOUND passes as it is
   */
  public int find(CompoundWalk<Nfs4> walk, ByteBuf record) {
    int at = 0;
    if (walk.isInSession()) {
      int kept = walk.find(0, Part.CACHE_THIS);
      if (kept < 0 || record.getInt(walk.parts().at(kept)) != 0) {
        return -1;
      }
      at = 1;
    }
    int left = walk.count() - at;
    if (walk.tagLength() > VersionedRead.TAG_BYTES_MAX
        || left < 2
        || left > 3
        || walk.operation(at).registers() != Registers.TO_ARGUMENT) {
      return -1;
    }
    if (left == 3 && walk.operation(at + 2).handlesOut() != HandlesOut.ATTRIBUTE) {
      return -1;
    }
    int range = walk.find(at + 1, Part.RANGE);
    return range >= 0 && isOfInterest(record, walk.parts().at(range)) ? at + 1 : -1;
  }

  /**
   * What opens the reply to a COMPOUND with such a READ, whose count may be changed, in place.
   *
   * @param read the READ's number
   * @param export the number of the export that it is counted for
   * @param heard what other instances say
   * @param next what opens the reply anyway; null for nothing
   */
  public ReplyOpener opener(
      CompoundWalk<Nfs4> walk,
      ByteBuf record,
      int read,
      long export,
      Heard heard,
      @Nullable ReplyOpener next) {
    VersionedRead call = VersionedRead.of(walk, read, nonces.getAsLong());
    return opener(
        handle(walk, record, read), record, rangeAt(walk, read), call, export, heard, next);
  }

  /**
   * The same COMPOUND, asking for the version too.
   *
   * @param opener what will open the reply to it
   * @param record the whole record; no longer the caller's
   * @return the record; the caller's
   */
  public static ByteBuf asking(ReplyOpener opener, ByteBuf record, CompoundWalk<Nfs4> walk) {
    return opener instanceof CachedRead read && read.call() != null
        ? read.call().ask(record, walk)
        : record;
  }

  private boolean isOfInterest(ByteBuf record, int rangeAt) {
    long offset = record.getLong(rangeAt);
    long count = record.getUnsignedInt(rangeAt + 8);
    return offset >= 0
        && count >= cache.bounds().minimumBytes()
        && count <= cache.bounds().readBytesMax()
        && offset <= Long.MAX_VALUE - count;
  }

  // Not before a reply that only a worker may open: such a one does not become longer.
  private CachedRead opener(
      FileKey key,
      ByteBuf record,
      int rangeAt,
      @Nullable VersionedRead call,
      long export,
      Heard heard,
      @Nullable ReplyOpener next) {
    long offset = record.getLong(rangeAt);
    int count = record.getInt(rangeAt + 8);
    if (heard.known != null && heard.fetch != null) {
      return new CachedRead(
          cache,
          byExport.of(export),
          key,
          null,
          asker,
          new Once(),
          heard.known,
          heard.fetch,
          heard.grant,
          ahead == null ? null : ahead.noted(asker, heard.known, offset, heard.fetch.to),
          call,
          offset,
          count,
          cache.now(),
          next);
    }
    CachedFile known = cache.find(key);
    // Unsigned in the RFC; a size that is not ours to count with has no data here.
    long end = known == null ? 0 : Math.min(offset + count, known.version.size());
    CachedFile file = null;
    Coming fetch = null;
    AheadReader reader = null;
    if (known != null && offset < end) {
      reader = ahead == null ? null : ahead.noted(asker, known, offset, end);
      boolean mayGrow = (next == null || next.goesByStatus()) && !known.goesOnAt(offset);
      if (mayGrow && cache.hasOrBrings(asker, known, offset, end)) {
        file = known;
        VersionedRead.askForOneByte(record, rangeAt);
      } else {
        fetch = cache.announce(asker, known, offset, end);
      }
    }
    return new CachedRead(
        cache,
        byExport.of(export),
        key,
        file,
        asker,
        new Once(),
        known,
        fetch,
        heard.grant,
        reader,
        call,
        offset,
        count,
        cache.now(),
        next);
  }
}
