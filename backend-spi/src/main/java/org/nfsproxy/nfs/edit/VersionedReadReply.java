package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.xdr.XdrException;

/**
 * The reply to a COMPOUND that {@link VersionedRead} put a GETATTR into: where the version stands
 * in it, and how its client may see it. Reusable; not for several threads at once.
 *
 * <pre>
 *  | marker | header | status | n + 12 | nonce | tag | n + 1 | SEQUENCE, 0 | PUTFH, 0 | READ, 0, data | GETATTR, status |
 *          | marker'| header | 0       | n     | tag | n     | SEQUENCE, 0 | PUTFH, 0 | READ, 0, data |
 * </pre>
 */
// All that changes are some words and the end, and they are changed in place: what stands before
// the nonce moves up to the tag, some forty bytes, and behind it nothing does. So a megabyte is not
// copied.
//
// A reply that the origin has kept of another call has that call's tag. Nothing in it is told to be
// of this one; its client may see it, as it would without a proxy, without what we had put into the
// other one if that was ours.
//
// A GETATTR that failed, whatever with, is not the client's: what stands before it went well, or it
// would not have been executed.
public final class VersionedReadReply {
  private final Reply header = new Reply();
  private final CompoundReplyWalk walk = new CompoundReplyWalk();
  private VersionedRead call = new VersionedRead(0, 0, 0, 0);
  private boolean isOfThisCall;
  private boolean hasResults;
  private boolean hasGetattr;

  /**
   * Reads one.
   *
   * @param record the origin's whole record, marker included, as a single fragment; stays the
   *     caller's
   * @param call what it should be a reply to
   * @throws XdrException if the results are not those of such a call
   */
  public void read(ByteBuf record, VersionedRead call) {
    this.call = call;
    int operations = call.operations();
    hasGetattr = false;
    isOfThisCall = false;
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    hasResults = header.read(record, from, record.writerIndex()) == Reply.Form.RESULTS;
    if (!hasResults) {
      return;
    }
    Outcome outcome = walk.walk(record, header.resultsAt(), header.end(), operations + 1);
    if (outcome != Outcome.WHOLE) {
      throw new XdrException("the reply to a READ with a GETATTR: " + outcome);
    }
    hasGetattr = walk.count() > operations;
    if (hasGetattr && walk.operation(operations) != Nfs4.GETATTR) {
      throw new XdrException("no GETATTR, but " + walk.operation(operations).label());
    }
    isOfThisCall = call.hasNonce(record, walk.tagAt(), walk.tagLength());
  }

  /**
   * Whether there are results in it, and no refusal of the whole call.
   *
   * @return false if nothing of it can be looked at
   */
  public boolean hasResults() {
    return hasResults;
  }

  /**
   * Whether it is a reply to this very call.
   *
   * @return false as well where there are no results at all
   */
  public boolean isOfThisCall() {
    return isOfThisCall;
  }

  /**
   * The COMPOUND's status, as the client may see it.
   *
   * @return 0 as well where there are no results at all
   */
  public int status() {
    return !hasResults || hasGetattr ? NfsStatus.OK : walk.status();
  }

  /**
   * Where the data of the client's READ are, which is an operation with a {@link Part#PAYLOAD}.
   *
   * @return index of the first byte, behind the length; -1 if there are none
   */
  public int dataAt() {
    int data = data();
    return data < 0 ? -1 : walk.parts().at(data);
  }

  /**
   * How long the data are.
   *
   * @return bytes without padding; 0 if there are none
   */
  public int dataLength() {
    int data = data();
    return data < 0 ? 0 : walk.parts().length(data);
  }

  private int data() {
    return hasResults && walk.count() > call.read() ? walk.find(call.read(), Part.PAYLOAD) : -1;
  }

  /**
   * Where the version's attributes are.
   *
   * @return index of the fattr4's bitmap, by its count; -1 if the origin did not tell them to this
   *     call
   */
  public int versionAt() {
    if (!hasGetattr || !isOfThisCall) {
      return -1;
    }
    int found = walk.find(call.operations(), Part.FATTR4);
    return found < 0 ? -1 : walk.parts().at(found);
  }

  /**
   * Takes nonce and GETATTR out, in place; the record may begin further on then.
   *
   * @param record the one that was read; it can be written
   */
  public void strip(ByteBuf record) {
    if (!hasResults) {
      return;
    }
    if (hasGetattr) {
      record.setInt(walk.statusAt(), NfsStatus.OK);
      record.setInt(walk.countAt(), call.operations());
      record.writerIndex(walk.at(call.operations()));
    }
    if (walk.tagLength() == call.tagLength() + VersionedRead.NONCE_BYTES) {
      cutNonce(record);
    }
    int messageBytes = record.readableBytes() - RecordMarking.MARKER_BYTES;
    record.setInt(record.readerIndex(), RecordMarking.lastFragment(messageBytes));
  }

  private void cutNonce(ByteBuf record) {
    int from = record.readerIndex();
    byte[] before = new byte[walk.tagAt() - from];
    record.setInt(walk.tagAt() - 4, call.tagLength());
    record.getBytes(from, before);
    record.setBytes(from + VersionedRead.NONCE_BYTES, before);
    record.readerIndex(from + VersionedRead.NONCE_BYTES);
  }
}
