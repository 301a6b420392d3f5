package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.call.ReplyOpener;

/**
 * Notes which callbacks a reply leaves to come.
 *
 * @param first what opens the reply beside; null for nothing
 * @param owed where it is noted
 */
record OwingReply(@Nullable ReplyOpener first, CallbacksOwed owed, Listening listening)
    implements ReplyOpener {
  @Override
  public boolean readsInPassing(ByteBuf bytes, int from, int to) {
    ReplyOpener wanting = wanting(bytes, from, to);
    boolean isEnough = wanting == null || wanting.readsInPassing(bytes, from, to);
    if (isEnough) {
      owed.readReply(bytes, from, to, listening.second());
    }
    return isEnough;
  }

  @Override
  public ByteBuf open(ByteBuf record) {
    int from = record.readerIndex();
    int to = record.writerIndex();
    owed.readReply(record, from, to, listening.second());
    ReplyOpener wanting = wanting(record, from, to);
    return wanting == null ? record : wanting.open(record);
  }

  @Override
  public void isNotComing(boolean hasGone) {
    if (first != null) {
      first.isNotComing(hasGone);
    }
  }

  // The first one, if it wants this reply. What goes by status is asked only about replies with
  // one, see ReplyOpener.opens().
  private @Nullable ReplyOpener wanting(ByteBuf bytes, int from, int to) {
    if (first == null || !first.goesByStatus()) {
      return first;
    }
    Reply header = new Reply();
    boolean hasStatus =
        header.read(bytes, from + RecordMarking.MARKER_BYTES, to) == Reply.Form.RESULTS
            && to - header.resultsAt() >= Integer.BYTES;
    return hasStatus && first.opens(bytes.getInt(header.resultsAt())) ? first : null;
  }
}
