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
 * </pre>
 *
 * @param cookie comes back with the results
 * @param block whether to wait for a lock that is held
 * @param exclusive whether nobody else may have it
 * @param lock whose, and of what
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
    boolean reclaim,
    int state) {
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
    NlmLock lock = NlmLock.read(in);
    boolean reclaim = procedure.hasReclaim() && in.int32() != 0;
    int state = procedure.hasReclaim() ? in.int32() : 0;
    return new LockRequest(procedure, cookie, block, exclusive, lock, reclaim, state);
  }

  /**
   * A request of ours.
   *
   * @param exclusive for a CANCEL, what is cancelled
   * @param lock whose, and of what
   * @return the request, without a cookie
   */
  public static LockRequest own(LockProcedure procedure, boolean exclusive, NlmLock lock) {
    return new LockRequest(procedure, new byte[4], true, exclusive, lock, false, 0);
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
    sent.write(out);
    if (procedure.hasReclaim()) {
      out.bool(reclaim).int32(sentState);
    }
  }

  /** The same as a new lock, which does not wait. */
  public LockRequest anew() {
    return new LockRequest(procedure, cookie, false, exclusive, lock, false, state);
  }

  /** The range it names. */
  public LockedRange range() {
    return lock.range(exclusive);
  }
}
