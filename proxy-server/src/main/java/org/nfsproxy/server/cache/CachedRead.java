package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.VersionedRead;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.cache.Neighbourhood.Grant;
import org.nfsproxy.server.call.ReplyOpener;

/**
 * The reply to a READ that the cache has to do with: one whose data are to be kept, or one of one
 * byte, which gets the data that are here if they are of the version that it tells.
 *
 * <pre>
 *  the origin's: | header | 0, attributes | 1 | eof | 1 | byte, pad |
 *  the client's: | header | 0, attributes | n | eof'| n | data, pad |
 * </pre>
 *
 * @param export where it is counted
 * @param file the version whose data are here, or coming; null if the READ was sent as it was
 * @param asker for whom it is, see {@link Source.Wanted}
 * @param again whether what has gone since may be asked for once more
 * @param known the version that was known of the file; null if none was
 * @param fetch what others wait for until this reply has come; null for nothing
 * @param grant takes what it brings for other instances; null if none does
 * @param ahead for whom more is read if it is allowed; null for nobody
 * @param call what the client's COMPOUND was made into; null in NFSv3
 * @param offset where the client reads
 * @param count how many bytes it asked for, 1 or more
 * @param sentNanos when the call was not yet sent
 * @param next what opens the reply behind; null for nothing
 */
// Who may read, and what the file holds, only the origin says: the data go out behind its OK to
// this very call, with this client's credential and stateid, and only if the version that stands in
// that reply is theirs. Then they are what the origin would have sent.
//
// Where they are not, the client gets what the origin did send: one byte. READ may return less than
// was asked for (RFC 1813 section 3.3.6, RFC 8881 section 18.22.3), and the client asks for the
// rest. To send the READ again, as it was, would take a second call of the client's slot and
// sequence number, which the origin would call a retry.
//
// A retry, by way of any instance: the origin executes it, or replays a reply of one byte or one of
// all. A replay is told by its tag (VersionedRead) in NFSv4, and passes as it is: nothing of it is
// kept, and it does not become longer.
record CachedRead(
    ReadCache cache,
    ExportReads export,
    FileKey key,
    @Nullable CachedFile file,
    Object asker,
    Once again,
    @Nullable CachedFile known,
    @Nullable Coming fetch,
    @Nullable Grant grant,
    @Nullable AheadReader ahead,
    @Nullable VersionedRead call,
    long offset,
    int count,
    long sentNanos,
    @Nullable ReplyOpener next)
    implements ReplyOpener {
  private static final FastThreadLocal<ReadReply> REPLIES3 =
      new FastThreadLocal<>() {
        @Override
        protected ReadReply initialValue() {
          return new ReadReply3(Nfs3.READ);
        }
      };

  private static final FastThreadLocal<ReadReply> REPLIES4 =
      new FastThreadLocal<>() {
        @Override
        protected ReadReply initialValue() {
          return new ReadReply4();
        }
      };

  private static final byte[] PADDING = new byte[3];

  @Override
  public boolean isToGrow() {
    return file != null;
  }

  // Where data are coming, the reply to one byte waits for them: not longer than its call may take
  // in all, and only if they would be of use.
  @Override
  public long waits(ByteBuf record, Runnable ready) {
    long leftNanos = cache.bounds().waitNanos() - (cache.now() - sentNanos);
    Coming awaited = file == null || leftNanos <= 0 ? null : awaited(file, record);
    if (awaited == null || !isOurs(read(record)) || !awaited.tell(ready)) {
      return 0;
    }
    cache.counts.waited.increment();
    return Math.min(leftNanos, awaited.untilNanos - cache.now());
  }

  // What was here when the call was sent may have been evicted since, and be on the disk. Once: a
  // memory in which it does not stay for so long is not to be filled with it again and again.
  private @Nullable Coming awaited(CachedFile file, ByteBuf record) {
    long end = Math.min(offset + count, file.version.size());
    if (!file.isHereOrComing(offset, end, cache.now())
        && isOurs(read(record))
        && again.take()
        && !cache.hasOrBrings(asker, file, offset, end)) {
      return null;
    }
    return file.awaited(offset, end, cache.now());
  }

  @Override
  public @Nullable ByteBuf openAtOnce(ByteBuf record) {
    ReadReply reply = read(record);
    if (isForNext(reply)) {
      return null;
    }
    boolean isKept = reply.hasData();
    ByteBuf opened = opened(record, reply, true);
    endFetch(isKept);
    return opened;
  }

  @Override
  public ByteBuf open(ByteBuf record) {
    boolean isKept = false;
    try {
      ReadReply reply = read(record);
      boolean isForNext = isForNext(reply);
      isKept = reply.hasData();
      ByteBuf opened = opened(record, reply, false);
      return next != null && isForNext ? next.open(opened) : opened;
    } finally {
      endFetch(isKept);
    }
  }

  @Override
  public void isNotComing(boolean hasGone) {
    if (fetch != null && known != null) {
      if (hasGone) {
        cache.distrust(asker, known);
      } else {
        cache.takesNothing(asker);
      }
    }
    endWaits();
  }

  private void endFetch(boolean isKept) {
    if (file == null && known != null && !isKept) {
      cache.distrust(asker, known);
    }
    endWaits();
  }

  private void endWaits() {
    if (fetch != null && known != null) {
      known.coming.end(fetch);
    }
    if (grant != null) {
      grant.end();
    }
  }

  private boolean isOurs(ReadReply reply) {
    return file != null
        && reply.hasData()
        && reply.dataLength == 1
        && file.version.equals(reply.version);
  }

  private ReadReply read(ByteBuf record) {
    ReadReply reply = (call == null ? REPLIES3 : REPLIES4).get();
    reply.read(record, call);
    return reply;
  }

  private boolean isForNext(ReadReply reply) {
    return next != null && (!next.goesByStatus() || next.opens(reply.status));
  }

  // What becomes longer does so on the event loop, where it is known how much the client has room
  // for; a reply that must be opened by a worker stays as it is.
  private ByteBuf opened(ByteBuf record, ReadReply reply, boolean mayGrow) {
    if (!reply.hasData() || reply.version == null) {
      count(reply.isOfAnother ? cache.counts.replayed : file == null ? null : cache.counts.refused);
      if (file != null && reply.dataAt >= 0) { // of a version that is not told to this client
        file.leaveAt(offset + 1);
      }
      reply.strip(record);
      return record;
    }
    CachedFile told = cache.seen(key, reply.version, sentNanos);
    if (file == null) {
      return filled(record, reply, told);
    }
    boolean isOurs = isOurs(reply);
    ByteBuf grown = isOurs && mayGrow ? grown(record, reply, file) : null;
    if (grown != null) {
      record.release();
      return grown;
    }
    count(isOurs ? cache.counts.lost : cache.counts.changed);
    if (isOurs) {
      file.leaveAt(offset + 1);
    }
    reply.strip(record);
    return record;
  }

  private static void count(@Nullable LongAdder counter) {
    if (counter != null) {
      counter.increment();
    }
  }

  private ByteBuf filled(ByteBuf record, ReadReply reply, CachedFile told) {
    int length = reply.dataLength;
    cache.counts.misses.increment();
    cache.counts.missBytes.add(length);
    export.miss(length);
    cache.counts.missNanos.add(cache.now() - sentNanos);
    // What the origin should not say is not kept: more than was asked for, or than there is.
    if (length <= count && offset + length <= told.version.size()) {
      boolean isProven = cache.keep(told, offset, record, reply.dataAt, length, sentNanos);
      if (isProven && grant != null) {
        grant.put(told.version, offset, record.slice(reply.dataAt, length));
      }
    }
    readAhead(told);
    reply.strip(record);
    return record;
  }

  private void readAhead(CachedFile told) {
    if (ahead != null && ahead.file == told) {
      ahead.wasAllowed();
    }
  }

  private @Nullable ByteBuf grown(ByteBuf record, ReadReply reply, CachedFile file) {
    long size = file.version.size();
    int length = (int) Math.min(count, size - offset);
    List<ByteBuf> data = cache.take(file, offset, offset + length);
    if (data == null) {
      return null;
    }
    reply.strip(record);
    ByteBuf assembled;
    try {
      assembled = assembled(record, reply, data, length, offset + length == size);
    } catch (RuntimeException | Error failed) {
      data.forEach(ByteBuf::release);
      throw failed;
    }
    readAhead(file);
    cache.counts.hits.increment();
    cache.counts.hitBytes.add(length - 1L);
    export.hit(length - 1L);
    cache.counts.hitNanos.add(cache.now() - sentNanos);
    return assembled;
  }

  private static ByteBuf assembled(
      ByteBuf record, ReadReply reply, List<ByteBuf> data, int length, boolean eof) {
    int from = record.readerIndex();
    int before = reply.dataAt - from;
    int padding = -length & 3;
    int behindAt = reply.dataAt + 4; // one byte and its padding
    int behind = record.writerIndex() - behindAt;
    ByteBuf head = record.alloc().directBuffer(before).writeBytes(record, from, before);
    int messageBytes = before + length + padding + behind - RecordMarking.MARKER_BYTES;
    head.setInt(0, RecordMarking.lastFragment(messageBytes));
    reply.say(head, eof, length);
    CompositeByteBuf whole = record.alloc().compositeDirectBuffer(data.size() + 2);
    whole.addComponent(true, head).addComponents(true, data);
    if (padding + behind > 0) {
      ByteBuf tail = record.alloc().directBuffer(padding + behind);
      tail.writeBytes(PADDING, 0, padding).writeBytes(record, behindAt, behind);
      whole.addComponent(true, tail);
    }
    return whole;
  }
}
