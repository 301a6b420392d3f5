package org.nfsproxy.server.locks.wire;

import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * The arguments of one of the {@link LockProcedure}s.
 *
 * <pre>
 *  LOCK, RFC 1813 section 6.3.2; the other procedures have some of it:
 *  +--------+-------+-----------+------+---------+-------+
 *  | cookie | block | exclusive | lock | reclaim | state |
 *  +--------+-------+-----------+------+---------+-------+
 *
 *  SHARE and UNSHARE, of X/Open XNFS:
 *  +--------+-------------+--------+----+------+--------+---------+
 *  | cookie | caller_name | handle | oh | mode | access | reclaim |
 *  +--------+-------------+--------+----+------+--------+---------+
 * </pre>
 *
 * @param cookie comes back with the results
 * @param block whether to wait for a lock that is held
 * @param exclusive whether nobody else may have it
 * @param lock whose, and of what; of a share, svid 0 and the whole file
 * @param share what is done with the file, and what others may not; {@link ShareMode#NOTHING} where
 *     it is about a range
 * @param reclaim whether it was held before the server restarted
 * @param state the caller's NSM state; 0 in a reclaim, and where it has none
 */
// A lone boolean may have any value, as in the tables; what was judged as true is sent as true.
public record LockRequest(
    LockProcedure procedure,
    byte[] cookie,
    boolean block,
    boolean exclusive,
    NlmLock lock,
    ShareMode share,
    boolean reclaim,
    int state) {
  /** All servers answer a SHARE with 0 there, and no client looks. */
  private static final int SEQUENCE = 0;

  /**
   * Reads it. Bytes behind it are let pass.
   *
   * @param in at the first byte
   * @throws XdrException if it is garbage
   */
  public static LockRequest read(LockProcedure procedure, XdrReader in) {
    byte[] cookie = in.opaque(NlmLock.BYTES_MAX);
    boolean block = procedure.hasBlock() && in.int32() != 0;
    boolean exclusive = procedure.hasExclusive() && in.int32() != 0;
    NlmLock lock = procedure.isShare() ? NlmLock.readOwner(in) : NlmLock.read(in);
    ShareMode share = procedure.isShare() ? ShareMode.read(in) : ShareMode.NOTHING;
    boolean reclaim = procedure.hasReclaim() && in.int32() != 0;
    int state = procedure.hasState() ? in.int32() : 0;
    return new LockRequest(procedure, cookie, block, exclusive, lock, share, reclaim, state);
  }

  /**
   * A request of ours.
   *
   * @param exclusive for a CANCEL, what is cancelled
   * @param lock whose, and of what
   * @return the request, without a cookie
   */
  public static LockRequest own(LockProcedure procedure, boolean exclusive, NlmLock lock) {
    return new LockRequest(
        procedure, new byte[4], true, exclusive, lock, ShareMode.NOTHING, false, 0);
  }

  /**
   * An UNSHARE of ours.
   *
   * @param lock whose, and of what
   * @param share what is shared
   * @return the request, without a cookie
   */
  public static LockRequest unshare(NlmLock lock, ShareMode share) {
    return new LockRequest(LockProcedure.UNSHARE, new byte[4], false, false, lock, share, false, 0);
  }

  /**
   * Writes it for the origin.
   *
   * @param out where to
   * @param sent the lock under the origin's view of its owner
   * @param sentState the one NSM state that the origin knows
   */
  public void write(XdrWriter out, NlmLock sent, int sentState) {
    out.opaque(cookie);
    if (procedure.hasBlock()) {
      out.bool(block);
    }
    if (procedure.hasExclusive()) {
      out.bool(exclusive);
    }
    if (procedure.isShare()) {
      sent.writeOwner(out);
      share.write(out);
    } else {
      sent.write(out);
    }
    if (procedure.hasReclaim()) {
      out.bool(reclaim);
    }
    if (procedure.hasState()) {
      out.int32(sentState);
    }
  }

  /**
   * Writes for the client what it came to.
   *
   * @param out where to
   */
  public void answer(XdrWriter out, LockResults results) {
    results.write(out, cookie);
    if (procedure.isShare()) {
      out.int32(SEQUENCE);
    }
  }

  /** Whether it is judged as a write. */
  public boolean writes() {
    return exclusive || share.writes();
  }

  /** The same as a new lock, which does not wait. */
  public LockRequest anew() {
    return new LockRequest(procedure, cookie, false, exclusive, lock, share, false, state);
  }

  /** The range it names. */
  public LockedRange range() {
    return lock.range(exclusive);
  }
}
