package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.util.List;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Lookup;
import org.nfsproxy.nfs.Outcome;
import org.nfsproxy.nfs.Procedure;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.AuthStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.server.configuration.UnknownOperations;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.listen.CallBatch;
import org.nfsproxy.server.listen.CallBatch.Verdict;
import org.nfsproxy.server.nlm.LockRefusals;
import org.nfsproxy.server.policy.Rules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of each call: forwarded, perhaps with a squashed credential or cut short, or
 * answered here. Runs on workers; safe for use by several threads.
 */
// The recipe, for one record: what it is (form); whether its flavor can be carried; whether its
// program and version are served; which row its procedure is; whether its arguments are whole;
// whether the parameters of the exports it acts on allow it. It names no procedure and no
// operation: what differs between them stands in their rows.
//
// A call inside a session is answered by the origin alone, which keeps its slot in step: a refused
// COMPOUND is cut before the refused operation, and the origin's reply completed.
public final class Judge {
  private static final Logger log = LoggerFactory.getLogger(Judge.class);

  private final FastThreadLocal<Bench> benches =
      new FastThreadLocal<>() {
        @Override
        protected Bench initialValue() {
          return new Bench(backend, exports, lockRefusals);
        }
      };

  private final Backend backend;
  private final Exports exports;
  private final UnknownOperations unknownOperations;
  private final int operationsMax;
  private final LockRefusals lockRefusals = new LockRefusals();
  private volatile Rules rules;

  /**
   * A judge.
   *
   * @param backend what the backend serves is asked once for each batch
   * @param exports which export a handle is in
   * @param rules what holds for which export
   * @param unknownOperations what becomes of a COMPOUND with an operation that has no row
   * @param operationsMax the most operations in a COMPOUND
   */
  public Judge(
      Backend backend,
      Exports exports,
      Rules rules,
      UnknownOperations unknownOperations,
      int operationsMax) {
    this.backend = backend;
    this.exports = exports;
    this.rules = rules;
    this.unknownOperations = unknownOperations;
    this.operationsMax = operationsMax;
  }

  /**
   * The rules in force.
   *
   * @return the rules
   */
  public Rules rules() {
    return rules;
  }

  /**
   * Decides about a batch, as far as it can.
   *
   * @param batch its records; get their verdicts
   * @param client who sent them
   * @return null if all is decided; else questions to be answered first, after which the batch is
   *     judged again
   */
  public Future<?> judge(CallBatch batch, InetSocketAddress client) {
    batch.readCalls();
    List<ServedProgram> programs = backend.programs();
    Bench bench = benches.get();
    bench.begin(batch, rules, client.getAddress());
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.isDecided(i)) {
        decide(bench, i, batch.call(i), batch.record(i), programs);
      }
    }
    return bench.end();
  }

  private void decide(Bench bench, int i, Call call, ByteBuf record, List<ServedProgram> programs) {
    CallBatch batch = bench.batch;
    ByteBufAllocator alloc = record.alloc();
    switch (call.form()) {
      case CALL -> decideCall(bench, i, call, record, programs);
      case REPLY -> batch.decide(i, Verdict.CALLBACK_REPLY);
      case RPC_MISMATCH -> batch.answer(i, Replies.rpcMismatch(alloc, call.xid()));
      case BAD_CREDENTIAL -> batch.answer(i, denied(alloc, call, AuthStatus.AUTH_BADCRED));
      case TRUNCATED -> batch.answer(i, refused(alloc, call, AcceptStatus.GARBAGE_ARGS));
      case NOT_RPC -> batch.decide(i, Verdict.CLOSE);
    }
  }

  private void decideCall(
      Bench bench, int i, Call call, ByteBuf record, List<ServedProgram> programs) {
    CallBatch batch = bench.batch;
    ByteBufAllocator alloc = record.alloc();
    // Nobody here speaks TLS, and to pass the probe on would let the origin begin it.
    if (call.flavor() == AuthFlavor.AUTH_TLS) {
      batch.answer(i, denied(alloc, call, AuthStatus.AUTH_BADCRED));
      return;
    }
    if (call.program() == Programs.NLM) {
      batch.answer(i, bench.nlm.answer(alloc, call, record, bench.client));
      return;
    }
    ServedProgram program = find(programs, call.program());
    if (program == null) {
      batch.answer(i, refused(alloc, call, AcceptStatus.PROG_UNAVAIL));
      return;
    }
    if (call.version() < program.low() || call.version() > program.high()) {
      batch.answer(i, mismatch(alloc, call, program.low(), program.high()));
      return;
    }
    if (!bench.credential.read(call, record)) {
      batch.answer(i, denied(alloc, call, AuthStatus.AUTH_BADCRED));
      return;
    }
    Lookup row = Programs.find(call.program(), call.version(), call.procedure());
    if (call.flavor() == AuthFlavor.RPCSEC_GSS) {
      SealedCalls.decide(bench, i, call, record);
    } else if (row instanceof Lookup.Found found) {
      decideProcedure(bench, i, found.procedure(), call, record);
    } else if (row instanceof Lookup.ProgMismatch tables) {
      batch.answer(i, mismatch(alloc, call, tables.low(), tables.high()));
    } else {
      boolean knowsProgram = row instanceof Lookup.ProcUnavail;
      batch.answer(
          i,
          refused(
              alloc, call, knowsProgram ? AcceptStatus.PROC_UNAVAIL : AcceptStatus.PROG_UNAVAIL));
    }
  }

  private void decideProcedure(Bench bench, int i, Procedure procedure, Call call, ByteBuf record) {
    Outcome outcome =
        procedure.isCompound()
            ? bench.compound.walk(record, call.argumentsAt(), call.end(), operationsMax)
            : bench.arguments.walk(procedure, record, call.argumentsAt(), call.end());
    boolean carried =
        switch (outcome) {
          case WHOLE -> true;
          case GARBAGE, TOO_MANY_OPERATIONS -> false;
          case UNKNOWN_MINOR, UNKNOWN_OPERATION ->
              unknownOperations == UnknownOperations.FORWARD && !bench.rules.restricts();
        };
    if (!carried) {
      log.debug("a call of {} is refused: {}", procedure.label(), outcome);
      bench.batch.answer(i, refused(record.alloc(), call, AcceptStatus.GARBAGE_ARGS));
    } else if (procedure.isCompound()) {
      OpenCompounds.decide(bench, i, call, record);
    } else {
      OpenProcedures.decide(bench, i, procedure, call, record);
    }
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

  private static ByteBuf denied(ByteBufAllocator alloc, Call call, AuthStatus status) {
    return Replies.authError(alloc, call.xid(), status);
  }
}
