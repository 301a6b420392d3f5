package org.nfsproxy.server.nlm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * Answers the network lock manager's program (100021, version 4) by refusing every lock with
 * LCK_DENIED_NOLOCKS. Why: {@code docs/decisions/0003-nlm-refused.md}.
 *
 * <p>Not safe for use by several threads at once; one is made for each thread.
 */
// The recipe knows no procedure: what a call carries and what answers it stands in NlmProcedure.
public final class NlmAnswers {
  /** The program's number. */
  public static final int PROGRAM = 100021;

  /** The only version: the one that NFSv3 clients use. */
  public static final int VERSION = 4;

  private final LockRefusals refusals;
  private final XdrReader arguments = new XdrReader();

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
   * @param call the header, of form {@link Call.Form#CALL} and of {@link #PROGRAM}
   * @param record the bytes that the header was read from; neither changed nor released
   * @param client who calls
   * @return the reply, a whole record with its marker; the caller's to release. Every call of this
   *     program has one, the one-way procedures too
   */
  public ByteBuf answer(ByteBufAllocator alloc, Call call, ByteBuf record, InetAddress client) {
    if (call.version() != VERSION) {
      AcceptStatus mismatch = AcceptStatus.PROG_MISMATCH;
      return Replies.accepted(alloc, call.xid(), mismatch, VERSION, VERSION);
    }
    NlmProcedure procedure = NlmProcedure.of(call.procedure());
    if (procedure == null) {
      return Replies.accepted(alloc, call.xid(), AcceptStatus.PROC_UNAVAIL);
    }
    try {
      procedure.walk(arguments.reset(record, call.argumentsAt(), call.end()));
    } catch (XdrException garbage) {
      return Replies.accepted(alloc, call.xid(), AcceptStatus.GARBAGE_ARGS);
    }
    if (procedure.asks()) {
      refusals.refused(client);
    }
    return reply(alloc, procedure, call, record);
  }

  private static ByteBuf reply(
      ByteBufAllocator alloc, NlmProcedure procedure, Call call, ByteBuf record) {
    ByteBuf reply = Replies.beginSuccess(alloc, call.xid());
    if (procedure.hasResults()) {
      int cookieAt = call.argumentsAt();
      int cookieLength = record.getInt(cookieAt);
      reply.writeBytes(record, cookieAt, 4 + (cookieLength + 3 & ~3));
      for (int word : procedure.reply()) {
        reply.writeInt(word);
      }
    }
    return Replies.finish(reply);
  }
}
