package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;

/**
 * An origin's reply to a {@linkplain CutCall cut} COMPOUND, completed by the refusal of the
 * operation behind it: what the client would see if the origin itself had refused. Reusable; not
 * for several threads at once.
 *
 * <pre>
 *  | marker | header | status 0      | tag | count k     | results |
 *  | marker'| header | status refused| tag | count k + 1 | results | op | refused | zero words |
 * </pre>
 */
// If an operation failed at the origin, those behind it were not to be executed anyway, and the
// reply goes to the client as it is. So does a reply that has no results (an RPC error) and one
// that cannot be read, which is for the client to complain about.
public final class CompletedReply {
  private final Reply header = new Reply();
  private final CompoundReplyWalk walk = new CompoundReplyWalk();

  /**
   * Completes a reply.
   *
   * @param record the origin's whole record, marker included, as a single fragment; no longer the
   *     caller's
   * @param operationsForwarded how many operations the cut call had
   * @param refused the operation behind them; {@link Nfs4#ILLEGAL} if it has no row
   * @param status why it is refused, not 0
   * @return the record for the client, marker included; the caller's
   */
  public ByteBuf complete(ByteBuf record, int operationsForwarded, Nfs4 refused, int status) {
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    if (header.read(record, from, record.writerIndex()) != Reply.Form.RESULTS) {
      return record;
    }
    Outcome outcome = walk.walk(record, header.resultsAt(), header.end(), operationsForwarded);
    if (outcome != Outcome.WHOLE || walk.status() != NfsStatus.OK) {
      return record;
    }
    if (walk.count() != operationsForwarded) {
      return record;
    }
    return new Splice(record)
        .word(walk.statusAt(), status)
        .word(walk.countAt(), operationsForwarded + 1)
        .cut(walk.end(), record.writerIndex() - walk.end())
        .append(RefusedReply.result(refused, status))
        .end();
  }
}
