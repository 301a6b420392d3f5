package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.edit.CompletedReply;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.server.call.ReplyOpener;

/**
 * Completes the origin's reply to a COMPOUND that was cut before a refused operation.
 *
 * @param operationsForwarded how many operations the origin was given
 */
record CutReply(int operationsForwarded, Nfs4 refused, int status) implements ReplyOpener {
  @Override
  public ByteBuf open(ByteBuf record) {
    return new CompletedReply().complete(record, operationsForwarded, refused, status);
  }
}
