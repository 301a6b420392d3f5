package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;

/**
 * A refused OPEN outside a session, which an origin is given all the same, but with nothing to
 * open: so it uses up the sequence number of the open-owner, as it does with an OPEN that it
 * refuses itself.
 *
 * <pre>
 *  | marker | header | tag | minor | count | op 0 | OPEN | seqid, share, owner | how, claim | op 2 |
 *  | marker'| header | tag | minor |   2   | op 0 | OPEN | seqid, share, owner | 0   0   0  |
 *                                              no creation, CLAIM_NULL, a name of no bytes ^
 * </pre>
 *
 * <p>In the reply the origin's NFS4ERR_INVAL becomes the refusal.
 */
// An owner's sequence number counts every operation but those that fail with one of a few errors,
// and INVAL is none of them (RFC 7530 section 9.1.7). So a client whose OPEN was refused with ROFS
// counts on; had the origin not heard of that OPEN, it would call the client's next one a
// BAD_SEQID. For a name of no bytes INVAL is prescribed (section 16.16.5). Linux finds it while it
// decodes, and looks the owner up for the sequence number's sake (fs/nfsd/nfs4proc.c,
// nfsd4_open_omfg).
//
// An owner that the origin has not met becomes known there by this, unconfirmed and with nothing
// open: as by an OPEN of a name that does not exist.
//
// A retry is voided in the same way, and the origin has the same INVAL in its reply cache. Where it
// has a success there, the OPEN itself was executed before the rules changed: that is refused now
// too. Any other error is the origin's own (BAD_SEQID, STALE_CLIENTID, EXPIRED, DELAY), and the
// client must hear it.
public final class VoidedOpen {
  private static final int NOTHING_BYTES = 12;

  private VoidedOpen() {}

  /**
   * Whether a refused operation should be voided.
   *
   * @param walk what was found in the call
   * @param operation which is refused
   * @return false if the call is to be {@linkplain CutCall cut} before it
   */
  public static boolean fits(CompoundWalk<Nfs4> walk, int operation) {
    return !walk.isInSession() && walk.find(operation, Part.OPENED) >= 0;
  }

  /**
   * Voids an OPEN, and cuts off what is behind it.
   *
   * @param record the whole record, marker included, as a single fragment; no longer the caller's
   * @param walk what was found in it
   * @param operation the OPEN
   * @return the record, marker included; the caller's
   */
  public static ByteBuf call(ByteBuf record, CompoundWalk<Nfs4> walk, int operation) {
    int at = walk.parts().at(walk.find(operation, Part.OPENED));
    return new Splice(record)
        .word(walk.countAt(), operation + 1)
        .bytes(at, record.writerIndex() - at, new byte[NOTHING_BYTES])
        .end();
  }

  /**
   * Puts the refusal into the reply.
   *
   * @param record the origin's whole record, marker included, as a single fragment; no longer the
   *     caller's
   * @param operation the OPEN
   * @param status why it is refused, not 0
   * @return the record for the client, marker included; the caller's
   */
  public static ByteBuf reply(ByteBuf record, int operation, int status) {
    Reply header = new Reply();
    CompoundReplyWalk walk = new CompoundReplyWalk();
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    if (header.read(record, from, record.writerIndex()) != Reply.Form.RESULTS
        || walk.walk(record, header.resultsAt(), header.end(), operation + 1) != Outcome.WHOLE
        || walk.count() != operation + 1
        || !isRefused(walk.status(operation))) {
      return record;
    }
    int statusAt = walk.statusAt(operation);
    return new Splice(record)
        .word(walk.statusAt(), status)
        .word(statusAt, status)
        .cut(statusAt + 4, record.writerIndex() - statusAt - 4)
        .end();
  }

  private static boolean isRefused(int status) {
    return status == NfsStatus.INVAL || status == NfsStatus.OK;
  }
}
