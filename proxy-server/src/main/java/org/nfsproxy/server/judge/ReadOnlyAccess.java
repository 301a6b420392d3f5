package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.GrantedAccess;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.call.ReplyOpener;

/**
 * Takes out of a COMPOUND's reply the promise that files of an export may be written which may only
 * be read.
 *
 * @param operations which of the client's operations promise it
 * @param next what opens the reply then; null for nothing
 */
// It changes words where they stand, so a short reply need not leave the event loop for it.
record ReadOnlyAccess(BitSet operations, @Nullable ReplyOpener next) implements ReplyOpener {
  private static final int OPERATIONS_MAX = 1024;

  @Override
  public ByteBuf open(ByteBuf record) {
    ByteBuf writable = GrantedAccess.writable(record);
    takeBack(writable, writable.readerIndex(), writable.writerIndex());
    return next == null ? writable : next.open(writable);
  }

  @Override
  public boolean readsInPassing(ByteBuf bytes, int from, int to) {
    return takeBack(bytes, from, to) && (next == null || next.readsInPassing(bytes, from, to));
  }

  private boolean takeBack(ByteBuf bytes, int from, int to) {
    ReplyScratch scratch = ReplyScratch.mine();
    Reply header = scratch.header;
    CompoundReplyWalk walk = scratch.compound;
    if (header.read(bytes, from + RecordMarking.MARKER_BYTES, to) != Reply.Form.RESULTS) {
      return true;
    }
    Outcome outcome = walk.walk(bytes, header.resultsAt(), header.end(), OPERATIONS_MAX);
    boolean isDone = outcome == Outcome.WHOLE;
    for (int i = operations.nextSetBit(0);
        i >= 0 && i < walk.count();
        i = operations.nextSetBit(i + 1)) {
      int granted = walk.find(i, Part.GRANTED);
      isDone &= granted < 0 || GrantedAccess.takeBackWrites(bytes, walk.parts().at(granted));
    }
    return isDone;
  }
}
