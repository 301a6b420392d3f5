package org.nfsproxy.server.nlm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Set;
import org.nfsproxy.nfs.table.Lookup;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.nfs.table.OnFailure;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;

/**
 * Answers the network lock manager's program (version 4, RFC 1813 section 6) by refusing every
 * lock. Why: {@code docs/decisions/0003-nlm-refused.md}.
 *
 * <p>Not safe for use by several threads at once; one is made for each thread.
 */
// What a call carries and what a refusal looks like stands in the table Nlm4. The one-way
// procedures, ..._MSG, have no results: their result would be a call of ours, ..._RES, to the
// client's own lock manager, and none is made. Their RPC reply is still owed.
public final class NlmAnswers {
  /** nlm4_stats: no resources for the lock. A client tells its caller ENOLCK. */
  private static final int LCK_DENIED_NOLOCKS = 2;

  /** Who calls one of these wants a lock, and should hear why there is none. */
  private static final Set<Nlm4> ASKING =
      EnumSet.of(Nlm4.TEST, Nlm4.LOCK, Nlm4.TEST_MSG, Nlm4.LOCK_MSG, Nlm4.SHARE, Nlm4.NM_LOCK);

  private final LockRefusals refusals;
  private final ArgumentsWalk arguments = new ArgumentsWalk();

  /**
   * Answers calls.
   *
   * @param refusals is told who was refused a lock
   */
  public NlmAnswers(LockRefusals refusals) {
    this.refusals = refusals;
  }

  /**
   * Answers one call.
   *
   * @param alloc where the reply's memory comes from
   * @param call the header, of form {@link Call.Form#CALL} and of program {@link Programs#NLM}
   * @param record the bytes that the header was read from; neither changed nor released
   * @return the reply, a whole record with its marker; the caller's to release. Every call of this
   *     program has one, the one-way procedures too
   */
  public ByteBuf answer(ByteBufAllocator alloc, Call call, ByteBuf record, InetAddress client) {
    Lookup row = Programs.find(Programs.NLM, call.version(), call.procedure());
    if (row instanceof Lookup.ProgMismatch versions) {
      AcceptStatus mismatch = AcceptStatus.PROG_MISMATCH;
      return Replies.accepted(alloc, call.xid(), mismatch, versions.low(), versions.high());
    }
    if (!(row instanceof Lookup.Found found)) {
      return Replies.accepted(alloc, call.xid(), AcceptStatus.PROC_UNAVAIL);
    }
    Procedure procedure = found.procedure();
    if (arguments.walk(procedure, record, call.argumentsAt(), call.end()) == Outcome.GARBAGE) {
      return Replies.accepted(alloc, call.xid(), AcceptStatus.GARBAGE_ARGS);
    }
    if (ASKING.contains(procedure)) {
      refusals.refused(client);
    }
    return refusal(alloc, procedure.onFailure(), call, record);
  }

  private static ByteBuf refusal(
      ByteBufAllocator alloc, OnFailure shape, Call call, ByteBuf record) {
    ByteBuf reply = Replies.beginSuccess(alloc, call.xid());
    if (shape.repeatsCookie()) {
      int at = call.argumentsAt();
      int length = record.getInt(at);
      reply.writeBytes(record, at, 4 + (length + 3 & ~3));
    }
    if (shape.hasStatus()) {
      reply.writeInt(LCK_DENIED_NOLOCKS).writeZero(4 * shape.zeroWords());
    }
    return Replies.finish(reply);
  }
}
