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
 *  | marker | header | status  | tag | n + 1 | SEQUENCE, 0 | PUTFH, 0 | READ, 0, data | GETATTR, status |
 *  | marker'| header | 0       | tag | n     | SEQUENCE, 0 | PUTFH, 0 | READ, 0, data |
 * </pre>
 */
// All that changes are three words and the end, and they are changed in place: behind the data
// nothing moves, and a megabyte is not copied.
//
// A GETATTR that failed, whatever with, is not the client's: what stands before it went well, or it
// would not have been executed.
public final class VersionedReadReply {
  private final Reply header = new Reply();
  private final CompoundReplyWalk walk = new CompoundReplyWalk();
  private int operations;
  private boolean hasResults;
  private boolean hasGetattr;

  /**
   * Reads one.
   *
   * @param record the origin's whole record, marker included, as a single fragment; stays the
   *     caller's
   * @param operations how many operations the client sent, 1 or more
   * @throws XdrException if the results are not those of such a call
   */
  public void read(ByteBuf record, int operations) {
    this.operations = operations;
    hasGetattr = false;
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
   * Where the data of the client's READ are, which is the operation with a {@link Part#PAYLOAD}.
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
    return hasResults ? walk.parts().find(Part.PAYLOAD) : -1;
  }

  /**
   * Where the version's attributes are.
   *
   * @return index of the fattr4's bitmap, by its count; -1 if the origin did not tell them
   */
  public int versionAt() {
    if (!hasGetattr) {
      return -1;
    }
    int found = walk.find(operations, Part.FATTR4);
    return found < 0 ? -1 : walk.parts().at(found);
  }

  /**
   * Takes the GETATTR's result out, in place.
   *
   * @param record the one that was read; it can be written
   */
  public void strip(ByteBuf record) {
    if (!hasGetattr) {
      return;
    }
    int end = walk.at(operations);
    record.setInt(walk.statusAt(), NfsStatus.OK);
    record.setInt(walk.countAt(), operations);
    record.writerIndex(end);
    int messageBytes = record.readableBytes() - RecordMarking.MARKER_BYTES;
    record.setInt(record.readerIndex(), RecordMarking.lastFragment(messageBytes));
  }
}
