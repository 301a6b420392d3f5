package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.List;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.walk.CompoundWalk;

/**
 * A COMPOUND with a VERIFY of the fsid behind steps along the namespace, RFC 8881 section 18.30: if
 * the step has led elsewhere, NFS4ERR_NOT_SAME, and nothing behind it executes. {@link
 * VerifiedReply} takes the results out again.
 *
 * <pre>
 *  | marker | header | tag | minor |   4   | PUTFH | LOOKUP | CREATE |      | GETFH |
 *  | marker'| header | tag | minor |   5   | PUTFH | LOOKUP | VERIFY | CREATE | GETFH |
 *                                                             ^ 32 bytes
 * </pre>
 */
// Between a question and the call that rests on its answer a name may come to mean something else;
// between two operations of a COMPOUND the current filehandle cannot. So this binds, and costs no
// round trip.
public final class VerifiedCall {
  /** What one VERIFY adds to a call: number, bitmap of one word, length, and the fsid. */
  public static final int CALL_BYTES = 32;

  /** What one VERIFY adds to a reply: number and status. */
  public static final int REPLY_BYTES = 8;

  private static final int FSID_BYTES = 16;

  private VerifiedCall() {}

  /**
   * Puts the operations in.
   *
   * @param record the whole record, marker included, as a single fragment; no longer the caller's
   * @param walk what was found in it
   * @param steps behind which operations, in their order; all are in the call
   * @return the record, marker included; the caller's
   */
  public static ByteBuf insert(ByteBuf record, CompoundWalk<Nfs4> walk, List<VerifiedStep> steps) {
    Splice splice = new Splice(record).word(walk.countAt(), walk.count() + steps.size());
    for (VerifiedStep step : steps) {
      splice.bytes(walk.end(step.operation()), 0, verify(step));
    }
    return splice.end();
  }

  private static byte[] verify(VerifiedStep step) {
    return ByteBuffer.allocate(CALL_BYTES)
        .putInt(Nfs4.VERIFY.number())
        .putInt(1)
        .putInt(1 << Attribute4.FSID.number())
        .putInt(FSID_BYTES)
        .putLong(step.fsidMajor())
        .putLong(step.fsidMinor())
        .array();
  }
}
