package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a client, one record at a time: while a stream is inside a record, whatever others have
 * for the client waits, and they are not read meanwhile.
 */
final class ClientOutlet {
  private record Waiting(@Nullable OriginReplies from, ByteBuf bytes, boolean endsRecord) {}

  private final ChannelHandlerContext channel;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
  private final Runnable waitingChanged;
  private final Traffic traffic;
  private @Nullable OriginReplies midRecord;

  ClientOutlet(ChannelHandlerContext channel, Traffic traffic, Runnable waitingChanged) {
    this.channel = channel;
    this.traffic = traffic;
    this.waitingChanged = waitingChanged;
  }

  /**
   * Writes bytes, or keeps them until the record that is being written has ended.
   *
   * @param from the stream they are of; null for a whole record of our own
   * @param bytes what to write; now the outlet's
   * @param endsRecord whether the last byte is the last of a record
   */
  void pass(@Nullable OriginReplies from, ByteBuf bytes, boolean endsRecord) {
    assert channel.executor().inEventLoop();
    if (midRecord != null && midRecord != from) {
      waiting.add(new Waiting(from, bytes, endsRecord));
      waitingChanged.run();
      return;
    }
    write(from, bytes, endsRecord);
    if (midRecord == null && !waiting.isEmpty()) {
      writeWaiting();
    }
  }

  void flush() {
    channel.flush();
  }

  boolean isWritable() {
    return channel.channel().isWritable();
  }

  /** Bytes that the socket has taken, give or take what Netty counts for each buffer. */
  long taken() {
    ChannelOutboundBuffer unread = channel.channel().unsafe().outboundBuffer();
    return unread == null
        ? traffic.bytesOut()
        : traffic.bytesOut() - unread.totalPendingWriteBytes() + unread.currentProgress();
  }

  /** Whether the client has had every record whole that it has had a part of. */
  boolean isBetweenRecords() {
    return midRecord == null;
  }

  /** Whether a stream (null: we ourselves) has bytes here that wait for another's record to end. */
  boolean holds(@Nullable OriginReplies stream) {
    return !waiting.isEmpty() && waiting.stream().anyMatch(bytes -> bytes.from == stream);
  }

  void close() {
    assert channel.executor().inEventLoop();
    waiting.forEach(bytes -> bytes.bytes.release());
    waiting.clear();
  }

  private void write(@Nullable OriginReplies from, ByteBuf bytes, boolean endsRecord) {
    traffic.out(bytes.readableBytes());
    midRecord = endsRecord ? null : from; // before the channel says that it is writable, or is not
    channel.write(bytes, channel.voidPromise());
  }

  // In the order they came, except that a record that has begun goes on first. Each look is from
  // the front again, so that no stream's bytes overtake its own.
  private void writeWaiting() {
    Waiting next = takeNext();
    while (next != null) {
      write(next.from, next.bytes, next.endsRecord);
      next = takeNext();
    }
    waitingChanged.run();
  }

  private @Nullable Waiting takeNext() {
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting next = each.next();
      if (midRecord == null || midRecord == next.from) {
        each.remove();
        return next;
      }
    }
    return null;
  }
}
