package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.Splice;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.policy.Security;

/**
 * Takes out of SECINFO's lists the security flavors with which calls would be refused here, RFC
 * 8881 section 18.29.
 *
 * <pre>
 *  | count | AUTH_SYS | RPCSEC_GSS | oid | qop | service | ...
 * </pre>
 *
 * @param lists which operations give one, and what is allowed there
 * @param next what opens the reply then; null for nothing
 */
record AllowedFlavors(List<Allowed> lists, @Nullable ReplyOpener next) implements ReplyOpener {
  private static final int OPERATIONS_MAX = 1024;

  /**
   * What one operation may offer.
   *
   * @param operation which of the client's operations
   * @param flavors those that are allowed where its name leads
   */
  record Allowed(int operation, Set<Security> flavors) {}

  @Override
  public ByteBuf open(ByteBuf record) {
    ByteBuf filtered = filter(record);
    return next == null ? filtered : next.open(filtered);
  }

  private ByteBuf filter(ByteBuf record) {
    ReplyScratch scratch = ReplyScratch.mine();
    Reply header = scratch.header;
    CompoundReplyWalk walk = scratch.compound;
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    if (header.read(record, from, record.writerIndex()) != Reply.Form.RESULTS
        || walk.walk(record, header.resultsAt(), header.end(), OPERATIONS_MAX) != Outcome.WHOLE) {
      return record;
    }
    Splice splice = new Splice(record);
    for (Allowed list : lists) {
      int part = list.operation < walk.count() ? walk.find(list.operation, Part.FLAVORS) : -1;
      if (part >= 0) {
        int at = walk.parts().at(part);
        int length = walk.parts().length(part);
        splice.bytes(at, length, filtered(record, at, list.flavors));
      }
    }
    return splice.end();
  }

  private static byte[] filtered(ByteBuf record, int listAt, Set<Security> allowed) {
    int kept = 0;
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    int at = listAt + 4;
    for (int count = record.getInt(listAt); count > 0; count--) {
      int flavor = record.getInt(at);
      int end = at + 4;
      Security security = Security.ofPseudoFlavor(flavor);
      if (flavor == AuthFlavor.RPCSEC_GSS) {
        int oidBytes = record.getInt(end) + 3 & ~3;
        end += 4 + oidBytes + 8;
        security = Security.ofGssService(record.getInt(end - 4));
      }
      if (security != null && allowed.contains(security)) {
        kept++;
        entries.writeBytes(ByteBufUtil.getBytes(record, at, end - at));
      }
      at = end;
    }
    return ByteBuffer.allocate(4 + entries.size()).putInt(kept).put(entries.toByteArray()).array();
  }
}
