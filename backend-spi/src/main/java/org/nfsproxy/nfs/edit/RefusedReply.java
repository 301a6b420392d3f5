package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.OnFailure;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.Replies;

/**
 * The reply to a call of which nothing is forwarded because it is refused, in the shape that its
 * procedure has for failures.
 */
// What is under RPCSEC_GSS is never answered here: its refusal is an RPC error.
public final class RefusedReply {
  private RefusedReply() {}

  /**
   * Refuses a procedure of NFSv2, NFSv3, NFS_ACL or MOUNT.
   *
   * @param alloc where the record's memory comes from
   * @param xid the call's
   * @param procedure the row
   * @param status why, not 0; unused where there is no room for it
   * @return the whole record, marker included; the caller's
   * @throws IllegalArgumentException if the procedure's results do not begin with a status, or it
   *     is a COMPOUND
   */
  public static ByteBuf procedure(
      ByteBufAllocator alloc, int xid, Procedure procedure, int status) {
    OnFailure shape = procedure.onFailure();
    if (shape == OnFailure.TEN_ZEROS) {
      return Replies.accepted(alloc, xid, AcceptStatus.SUCCESS, new int[10]);
    }
    if (!shape.hasStatus() || shape.repeatsCookie() || procedure.isCompound()) {
      throw new IllegalArgumentException(procedure.label() + " has no such failure");
    }
    return Replies.accepted(alloc, xid, AcceptStatus.SUCCESS, statusAndZeros(shape, 0, status));
  }

  /**
   * Refuses a COMPOUND at its first operation. Not for one that carries SEQUENCE: its slot must be
   * consumed by the origin.
   *
   * <pre>
   *  | status | tag | count 1 | op | status | zero words |
   * </pre>
   *
   * @param alloc where the record's memory comes from
   * @param xid the call's
   * @param call the call's record, for its tag
   * @param walk what was found in it
   * @param refused the first operation; {@link Nfs4#ILLEGAL} if it has no row
   * @param status why, not 0
   * @return the whole record, marker included; the caller's
   */
  public static ByteBuf compound(
      ByteBufAllocator alloc,
      int xid,
      ByteBuf call,
      CompoundWalk<Nfs4> walk,
      Nfs4 refused,
      int status) {
    ByteBuf record = begin(alloc, xid, call, walk, status).writeInt(1);
    for (int word : result(refused, status)) {
      record.writeInt(word);
    }
    return Replies.finish(record);
  }

  /**
   * Refuses a COMPOUND for its minor version: none of its operations has a result. Not for one that
   * carries SEQUENCE.
   *
   * <pre>
   *  | status | tag | count 0 |
   * </pre>
   *
   * @param alloc where the record's memory comes from
   * @param xid the call's
   * @param call the call's record, for its tag
   * @param walk what was found in it
   * @param status why, not 0
   * @return the whole record, marker included; the caller's
   */
  public static ByteBuf minorVersion(
      ByteBufAllocator alloc, int xid, ByteBuf call, CompoundWalk<Nfs4> walk, int status) {
    return Replies.finish(begin(alloc, xid, call, walk, status).writeInt(0));
  }

  private static ByteBuf begin(
      ByteBufAllocator alloc, int xid, ByteBuf call, CompoundWalk<Nfs4> walk, int status) {
    ByteBuf record = Replies.beginSuccess(alloc, xid).writeInt(status);
    record.writeInt(walk.tagLength()).writeBytes(call, walk.tagAt(), walk.tagLength());
    return record.writeZero(-walk.tagLength() & 3);
  }

  /** A refused operation's own results: its number, the status, zero words. */
  static int[] result(Nfs4 refused, int status) {
    int[] words = statusAndZeros(refused.onFailure(), 1, status);
    words[0] = refused.number();
    return words;
  }

  private static int[] statusAndZeros(OnFailure shape, int before, int status) {
    int[] words = new int[before + 1 + shape.zeroWords()];
    words[before] = status;
    return words;
  }
}
