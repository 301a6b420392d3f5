package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.edit.VoidedOpen;
import org.nfsproxy.server.call.ReplyOpener;

/**
 * Puts the refusal into the origin's reply to a COMPOUND that ends with a voided OPEN.
 *
 * @param operation which it is
 */
record VoidedReply(int operation, int status) implements ReplyOpener {
  @Override
  public ByteBuf open(ByteBuf record) {
    return VoidedOpen.reply(record, operation, status);
  }
}
