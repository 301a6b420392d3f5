package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;

/**
 * Learns from a COMPOUND's reply which filesystems the handles in it are of: a GETATTR beside a
 * GETFH, or behind the handle that the call began with. The reply passes as it is.
 *
 * @param put the first handle in the call; null if it has none, or if it is known
 * @param mayBeReplayed whether an owner's operation in it may have been answered with another's
 *     results: then nothing is learnt unless the reply can be read in one way only
 * @param summary is told the export of that handle; null for nobody
 */
// Of those without a handle one is enough for all calls: what a reply is read with is the thread's.
record CompoundReplyLearner(
    Exports exports, @Nullable Filehandle put, boolean mayBeReplayed, @Nullable CallSummary summary)
    implements ReplyOpener {
  private static final int NFS_VERSION = 4;

  @Override
  public ByteBuf open(ByteBuf record) {
    read(record, record.readerIndex(), record.writerIndex(), false);
    return record;
  }

  @Override
  public boolean readsInPassing(ByteBuf bytes, int from, int to) {
    return read(bytes, from, to, true);
  }

  private boolean read(ByteBuf bytes, int from, int to, boolean atOnce) {
    boolean isRead = ReplyScratch.mine().reading.read(this, bytes, from, to, atOnce);
    if (put != null && summary != null && isRead) {
      tellExport(put, summary);
    }
    return isRead;
  }

  private void tellExport(Filehandle put, CallSummary summary) {
    byte[] handle = put.bytes();
    Export learnt = exports.likely(Unpooled.wrappedBuffer(handle), 0, handle.length, NFS_VERSION);
    if (learnt != null) {
      summary.at(learnt.number());
    }
  }
}
