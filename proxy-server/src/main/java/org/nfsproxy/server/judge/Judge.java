package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.ArgumentsWalk;
import org.nfsproxy.nfs.CompoundWalk;
import org.nfsproxy.nfs.Lookup;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.nfs.Outcome;
import org.nfsproxy.nfs.Procedure;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.AuthStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.server.configuration.UnknownOperations;
import org.nfsproxy.server.listen.CallBatch;
import org.nfsproxy.server.listen.CallBatch.Verdict;
import org.nfsproxy.server.nlm.LockRefusals;
import org.nfsproxy.server.nlm.NlmAnswers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of each call: forwarded unchanged, or answered here because nobody could
 * carry it out. Runs on workers; safe for use by several threads.
 */
// The recipe, for one record: what it is (form); whether its flavor can be carried; whether its
// program and version are served; which row its procedure is; whether its arguments are whole. It
// names no procedure and no operation: what differs between them stands in their rows.
//
// A refusal is always RPC's own (RFC 5531 section 9) and never a COMPOUND's: a call inside a
// session is answered by the origin alone, which keeps its slot in step.
public final class Judge {
  private static final Logger log = LoggerFactory.getLogger(Judge.class);

  /** What one worker reuses from call to call. */
  private final class Walks {
    final ArgumentsWalk arguments = new ArgumentsWalk();
    final CompoundWalk<Nfs4> compound = CompoundWalk.ofCalls();
    final NlmAnswers nlm = new NlmAnswers(lockRefusals);
  }

  private final FastThreadLocal<Walks> walks =
      new FastThreadLocal<>() {
        @Override
        protected Walks initialValue() {
          return new Walks();
        }
      };

  private final Supplier<List<ServedProgram>> served;
  private final UnknownOperations unknownOperations;
  private final int operationsMax;
  private final LockRefusals lockRefusals = new LockRefusals();

  /**
   * A judge.
   *
   * @param served what the backend serves, asked once for each batch
   * @param unknownOperations what becomes of a COMPOUND with an operation that has no row
   * @param operationsMax the most operations in a COMPOUND
   */
  public Judge(
      Supplier<List<ServedProgram>> served,
      UnknownOperations unknownOperations,
      int operationsMax) {
    this.served = served;
    this.unknownOperations = unknownOperations;
    this.operationsMax = operationsMax;
  }

  /**
   * Decides about a batch.
   *
   * @param batch its records; gets their verdicts
   * @param client who sent them
   * @return null if all is decided; else questions to be answered first, after which the batch is
   *     judged again
   */
  public Future<?> judge(CallBatch batch, InetSocketAddress client) {
    batch.readCalls();
    List<ServedProgram> programs = served.get();
    Walks each = walks.get();
    for (int i = 0; i < batch.size(); i++) {
      Call call = batch.call(i);
      ByteBuf record = batch.record(i);
      switch (call.form()) {
        case CALL -> decide(batch, i, answerOf(call, record, programs, each, client.getAddress()));
        case REPLY -> batch.decide(i, Verdict.CALLBACK_REPLY);
        case RPC_MISMATCH -> batch.answer(i, Replies.rpcMismatch(record.alloc(), call.xid()));
        case BAD_CREDENTIAL -> batch.answer(i, denied(record.alloc(), call));
        case TRUNCATED -> batch.answer(i, refused(record.alloc(), call, AcceptStatus.GARBAGE_ARGS));
        case NOT_RPC -> batch.decide(i, Verdict.CLOSE);
      }
    }
    return null;
  }

  private static void decide(CallBatch batch, int i, ByteBuf answer) {
    if (answer == null) {
      batch.decide(i, Verdict.FORWARD);
    } else {
      batch.answer(i, answer);
    }
  }

  /** The answer to a call that is not forwarded; null for one that is. */
  private ByteBuf answerOf(
      Call call, ByteBuf record, List<ServedProgram> programs, Walks each, InetAddress client) {
    ByteBufAllocator alloc = record.alloc();
    if (call.flavor() == AuthFlavor.AUTH_TLS) {
      return denied(alloc, call);
    }
    if (call.program() == Programs.NLM) {
      return each.nlm.answer(alloc, call, record, client);
    }
    ServedProgram program = find(programs, call.program());
    if (program == null) {
      return refused(alloc, call, AcceptStatus.PROG_UNAVAIL);
    }
    if (call.version() < program.low() || call.version() > program.high()) {
      return mismatch(alloc, call, program.low(), program.high());
    }
    if (call.flavor() == AuthFlavor.RPCSEC_GSS) {
      return null;
    }
    Lookup row = Programs.find(call.program(), call.version(), call.procedure());
    if (row instanceof Lookup.Found found) {
      return answerOf(found.procedure(), call, record, each);
    }
    if (row instanceof Lookup.ProgMismatch tables) {
      return mismatch(alloc, call, tables.low(), tables.high());
    }
    boolean knowsProgram = row instanceof Lookup.ProcUnavail;
    return refused(
        alloc, call, knowsProgram ? AcceptStatus.PROC_UNAVAIL : AcceptStatus.PROG_UNAVAIL);
  }

  private ByteBuf answerOf(Procedure procedure, Call call, ByteBuf record, Walks each) {
    Outcome outcome =
        procedure.isCompound()
            ? each.compound.walk(record, call.argumentsAt(), call.end(), operationsMax)
            : each.arguments.walk(procedure, record, call.argumentsAt(), call.end());
    boolean carried =
        switch (outcome) {
          case WHOLE -> true;
          case GARBAGE, TOO_MANY_OPERATIONS -> false;
          case UNKNOWN_MINOR, UNKNOWN_OPERATION -> unknownOperations == UnknownOperations.FORWARD;
          case UNKNOWN_ATTRIBUTE -> throw new IllegalStateException("attributes in a call");
        };
    if (carried) {
      return null;
    }
    log.debug("a call of {} is refused: {}", procedure.label(), outcome);
    return refused(record.alloc(), call, AcceptStatus.GARBAGE_ARGS);
  }

  private static ServedProgram find(List<ServedProgram> programs, int number) {
    for (int i = 0; i < programs.size(); i++) {
      if (programs.get(i).program() == number) {
        return programs.get(i);
      }
    }
    return null;
  }

  private static ByteBuf refused(ByteBufAllocator alloc, Call call, AcceptStatus status) {
    return Replies.accepted(alloc, call.xid(), status);
  }

  private static ByteBuf mismatch(ByteBufAllocator alloc, Call call, int low, int high) {
    return Replies.accepted(alloc, call.xid(), AcceptStatus.PROG_MISMATCH, low, high);
  }

  // AUTH_TLS: nobody here speaks TLS, and to pass the probe on would let the origin begin it.
  private static ByteBuf denied(ByteBufAllocator alloc, Call call) {
    return Replies.authError(alloc, call.xid(), AuthStatus.AUTH_BADCRED);
  }
}
