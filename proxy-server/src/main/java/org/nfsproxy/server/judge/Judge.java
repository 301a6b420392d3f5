package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.edit.RefusedReply;
import org.nfsproxy.nfs.table.Lookup;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.CallbackToCome;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.AuthStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.server.cache.CachedReads;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.configuration.UnknownOperations;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.metrics.OperationRows;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.nlm.LockRefusals;
import org.nfsproxy.server.policy.Credential;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.RefusingRule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.refusals.RefusalTrace;
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

  private static final int NFS_VERSION = 4;
  private static final int NULL = 0;

  private final FastThreadLocal<JudgeScratch> benches =
      new FastThreadLocal<>() {
        @Override
        protected JudgeScratch initialValue() {
          return new JudgeScratch(
              exports, lockRefusals, containment, crossings, reports, verifiesMax, rules);
        }
      };

  private final Backend backend;
  private final Exports exports;
  private final Containment containment;
  private final int operationsMax;
  private final AllowedPrograms allowedPrograms = new AllowedPrograms();
  private final LockRefusals lockRefusals = new LockRefusals();
  private final Crossings crossings = new Crossings();
  private final RefusalReports reports;
  private final int verifiesMax;
  private volatile Rules rules;
  private volatile UnknownOperations unknownOperations;
  private volatile Future<?> looked = Future.succeededFuture();
  private volatile boolean tlsRequired;
  private volatile @Nullable CachedReads reads;

  /**
   * A judge.
   *
   * @param backend what the backend serves is asked once for each batch
   * @param exports which export a handle is in
   * @param rules what holds for which export
   * @param containment keeps clients from being led elsewhere
   * @param unknownOperations what becomes of a COMPOUND with an operation that has no row
   * @param operationsMax the most operations in a COMPOUND
   * @param verifiesMax the most operations that are put into one, so that the origin checks where
   *     steps lead
   * @param refusals where refused calls leave their trace
   */
  public Judge(
      Backend backend,
      Exports exports,
      Rules rules,
      Containment containment,
      UnknownOperations unknownOperations,
      int operationsMax,
      int verifiesMax,
      RefusalTrace refusals) {
    this.backend = backend;
    this.exports = exports;
    this.rules = rules;
    this.containment = containment;
    this.unknownOperations = unknownOperations;
    this.operationsMax = operationsMax;
    this.verifiesMax = verifiesMax;
    this.reports = new RefusalReports(refusals);
    exports.watch(new HeldPlaces(() -> this.rules));
  }

  /** The rules in force. */
  public Rules rules() {
    return rules;
  }

  /**
   * What keeps clients from being led elsewhere.
   *
   * @return the same for all calls
   */
  public Containment containment() {
    return containment;
  }

  /**
   * Judges nothing before it is known which filesystems the paths of rules lead to, if rules
   * differ: until then one of them could be written or read past its rule.
   *
   * @param looked completes when somebody has looked; never fails
   */
  public void waitFor(Future<?> looked) {
    this.looked = looked;
  }

  /** From now on denies calls that come without TLS, but for NULL and MOUNT. */
  public void requireTls() {
    tlsRequired = true;
  }

  /**
   * From now on READs that may be forwarded go through a cache.
   *
   * @param reads what becomes of them
   */
  public void readThrough(CachedReads reads) {
    this.reads = reads;
  }

  /** Completes when it is known which filesystems the paths of rules lead to. */
  Future<?> looked() {
    return looked;
  }

  /**
   * Judges by other rules from the next batch on.
   *
   * @param rules what holds for which export
   * @param unknownOperations what becomes of a COMPOUND with an operation that has no row
   */
  public void adopt(Rules rules, UnknownOperations unknownOperations) {
    this.rules = rules;
    this.unknownOperations = unknownOperations;
    reports.trace().counts().keepOnly(RefusingRule.names(rules));
  }

  /** What refused calls leave behind. */
  public RefusalTrace refusals() {
    return reports.trace();
  }

  /**
   * Decides about a batch, as far as it can.
   *
   * @param batch its records; get their verdicts
   * @param client whose connection sent them, and waits for what must be asked
   * @param peer what that connection tells of the client; the same object for all batches, as long
   *     as that does not change
   * @param reached where they were sent to
   * @return null if all is decided; else questions to be answered first, after which the batch is
   *     judged again
   */
  public @Nullable Future<?> judge(
      CallBatch batch, Asker client, Peer peer, InetSocketAddress reached) {
    // In this order: whoever adopts rules says first that somebody has to look.
    Rules inForce = rules;
    Future<?> looking = looked;
    if (!looking.isComplete() && inForce.placesMatter()) {
      return looking;
    }
    batch.readCalls();
    JudgeScratch scratch = benches.get();
    scratch.begin(batch, inForce, client, peer, reached);
    CachedReads through = reads;
    scratch.reads = through == null ? null : through.of(scratch.client);
    List<ServedProgram> programs = allowedPrograms.of(backend.programs(), scratch.rules);
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.isDecided(i)) {
        if (batch.isBeginning(i)) {
          decideBeginning(scratch, i, programs);
        } else {
          decide(scratch, i, batch.call(i), batch.record(i), programs);
        }
      }
    }
    return scratch.end();
  }

  // What questions it leaves open, the whole record will ask again.
  private void decideBeginning(JudgeScratch scratch, int i, List<ServedProgram> programs) {
    CallPrefix beginning = CallPrefix.find(scratch, i, operationsMax);
    if (beginning == null) {
      scratch.batch.decide(i, Verdict.WHOLE);
      return;
    }
    scratch.isTrial = true;
    try {
      decide(scratch, i, scratch.batch.call(i), beginning.closed(), programs);
    } finally {
      scratch.isTrial = false;
    }
    beginning.settle();
  }

  private void decide(
      JudgeScratch scratch, int i, Call call, ByteBuf record, List<ServedProgram> programs) {
    CallBatch batch = scratch.batch;
    ByteBufAllocator alloc = record.alloc();
    switch (call.form()) {
      case CALL -> decideCall(scratch, i, call, record, programs);
      case REPLY -> batch.decide(i, Verdict.CALLBACK_REPLY);
      case RPC_MISMATCH -> batch.answer(i, Replies.rpcMismatch(alloc, call.xid()));
      case BAD_CREDENTIAL -> batch.answer(i, denied(alloc, call, AuthStatus.AUTH_BADCRED));
      case TRUNCATED -> batch.answer(i, refused(alloc, call, AcceptStatus.GARBAGE_ARGS));
      case NOT_RPC -> batch.decide(i, Verdict.CLOSE);
    }
  }

  private void decideCall(
      JudgeScratch scratch, int i, Call call, ByteBuf record, List<ServedProgram> programs) {
    CallBatch batch = scratch.batch;
    ByteBufAllocator alloc = record.alloc();
    summarize(scratch, i, call);
    // A flavor is RPC's own matter, whatever is called and whether it is there: as knfsd, which
    // authenticates first (net/sunrpc/svc.c). AUTH_TLS is among those that nobody knows: to pass
    // its probe on would let the origin begin TLS.
    if (!Credential.knows(call.flavor())) {
      batch.answer(i, unknownFlavor(scratch, call, alloc, programs));
      return;
    }
    if (call.program() == Programs.NLM) {
      batch.answer(i, scratch.nlm.answer(alloc, call, record, scratch.client));
      return;
    }
    if (tlsRequired && lacksTls(scratch, call)) {
      scratch.refused(
          scratch.unknownCaller(null),
          new Refusal(0, 0, null, Refused.TRANSPORT),
          null,
          () -> Asked.of(call),
          () -> CallNotes.sealed(call),
          call,
          record);
      batch.answer(i, denied(alloc, call, Decision.DENIED));
      return;
    }
    // What is under RPCSEC_GSS can only be denied: see GssCalls.
    boolean isSealed = call.flavor() == AuthFlavor.RPCSEC_GSS;
    List<ServedProgram> served = isSealed ? backend.programs() : programs;
    if (!AllowedPrograms.serves(served, call.program(), call.version())) {
      reportVersion(scratch, call, record);
      batch.answer(i, notServed(alloc, call, served));
      return;
    }
    if (!scratch.credential.read(call, record)) {
      batch.answer(i, denied(alloc, call, AuthStatus.AUTH_BADCRED));
      return;
    }
    if (scratch.summary != null) {
      scratch.summary.of(scratch.credential.user(record));
      CallNotes.begin(scratch.summary, call, scratch.credential, record);
    }
    Lookup row = Programs.find(call.program(), call.version(), call.procedure());
    if (isSealed) {
      GssCalls.decide(scratch, i, call, record);
    } else if (row instanceof Lookup.Found found) {
      decideProcedure(scratch, i, found.procedure(), call, record);
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

  // A probe for TLS that is not wanted (RFC 9289 section 4.1): a Linux client takes this for a no,
  // and repeats BADCRED. One of a version that is not served is told which are, so that who has
  // others asks by one of them. Inside TLS, and with any other procedure, it is wrong, and that the
  // RFC answers itself.
  private static ByteBuf unknownFlavor(
      JudgeScratch scratch, Call call, ByteBufAllocator alloc, List<ServedProgram> programs) {
    boolean isProbe =
        call.flavor() == AuthFlavor.AUTH_TLS
            && call.procedure() == NULL
            && scratch.caller().peer().transport() == TransportSecurity.NONE;
    if (!isProbe) {
      return denied(alloc, call, AuthStatus.AUTH_BADCRED);
    }
    boolean isOtherVersion =
        AllowedPrograms.range(programs, call.program()) != null
            && !AllowedPrograms.serves(programs, call.program(), call.version());
    return isOtherVersion
        ? notServed(alloc, call, programs)
        : denied(alloc, call, AuthStatus.AUTH_TOOWEAK);
  }

  private static boolean lacksTls(JudgeScratch scratch, Call call) {
    return scratch.caller().peer().transport() == TransportSecurity.NONE
        && call.procedure() != NULL
        && call.program() != Programs.MOUNT;
  }

  private static void summarize(JudgeScratch scratch, int i, Call call) {
    CallSummary summary = scratch.batch.summary(i);
    scratch.summary = summary;
    if (summary != null) {
      boolean isSealed = call.flavor() == AuthFlavor.RPCSEC_GSS;
      summary.judge(OperationRows.of(call.program(), call.version(), call.procedure()), isSealed);
      if (isSealed) {
        summary.at(CallSummary.UNKNOWN_EXPORT);
      }
    }
  }

  private void decideProcedure(
      JudgeScratch scratch, int i, Procedure procedure, Call call, ByteBuf record) {
    Outcome outcome =
        procedure.isCompound()
            ? scratch.compound.walk(record, call.argumentsAt(), call.end(), operationsMax)
            : scratch.arguments.walk(procedure, record, call.argumentsAt(), call.end());
    if (procedure.isCompound()) {
      decideCompound(scratch, i, outcome, call, record);
    } else if (outcome == Outcome.WHOLE) {
      CallNotes.procedure(
          scratch.summary, procedure, call, scratch.credential, scratch.arguments, record);
      scratch.procedureJudge.decide(i, procedure, call, record);
    } else {
      log.debug("a call of {} is refused: {}", procedure.label(), outcome);
      scratch.batch.answer(i, refused(record.alloc(), call, AcceptStatus.GARBAGE_ARGS));
    }
  }

  private void decideCompound(
      JudgeScratch scratch, int i, Outcome outcome, Call call, ByteBuf record) {
    boolean mayForward = unknownOperations == UnknownOperations.FORWARD;
    boolean hasUnknown = outcome == Outcome.UNKNOWN_OPERATION;
    if (scratch.summary != null && (hasUnknown || outcome == Outcome.WHOLE)) {
      OperationRows.compound(scratch.summary, scratch.compound, hasUnknown);
      CallNotes.compound(
          scratch.summary, call, scratch.credential, scratch.compound, hasUnknown, record);
    }
    switch (outcome) {
      case GARBAGE, TOO_MANY_OPERATIONS -> {
        log.debug("a COMPOUND is refused: {}", outcome);
        scratch.batch.answer(i, refused(record.alloc(), call, AcceptStatus.GARBAGE_ARGS));
      }
      case UNKNOWN_MINOR -> {
        CallNotes.unknownMinor(scratch.summary, call, scratch.credential, record);
        if (!mayForward || !scratch.compoundJudge.decideUnknownMinor(i, call, record)) {
          refuseMinor(scratch, i, call, record);
        }
      }
      case WHOLE, UNKNOWN_OPERATION -> {
        if (isMinorRefused(scratch)) {
          refuseMinor(scratch, i, call, record);
        } else if (outcome == Outcome.WHOLE) {
          if (CallbackToCome.mayFollow(scratch.compound, record)) {
            scratch.batch.mayLeaveCallback(i);
          }
          scratch.compoundJudge.decide(i, call, record);
        } else {
          scratch.compoundJudge.decideUnknown(i, call, record, mayForward);
        }
      }
    }
  }

  // A version that the origin serves and no rule allows; another one is no refusal of ours.
  private void reportVersion(JudgeScratch scratch, Call call, ByteBuf record) {
    Family family = Family.of(call.program(), call.version());
    if (family == null
        || !AllowedPrograms.serves(backend.programs(), call.program(), call.version())) {
      return;
    }
    NfsVersion version =
        Arrays.stream(NfsVersion.values()).filter(family::serves).findFirst().orElse(null);
    scratch.refused(
        scratch.unknownCaller(version),
        new Refusal(0, 0, null, Refused.VERSIONS),
        null,
        () -> Asked.of(call),
        () -> CallNotes.sealed(call),
        call,
        record);
  }

  private static void refuseMinor(JudgeScratch scratch, int i, Call call, ByteBuf record) {
    scratch.refused(
        scratch.caller(NfsVersion.of(NFS_VERSION, scratch.compound.minorVersion())),
        new Refusal(0, Decision.NFS4ERR_MINOR_VERS_MISMATCH, null, Refused.VERSIONS),
        null,
        () -> "NFSv4." + Integer.toUnsignedString(scratch.compound.minorVersion()) + " COMPOUND",
        () -> CallNotes.sealed(call),
        call,
        record);
    scratch.batch.answer(
        i,
        RefusedReply.minorVersion(
            record.alloc(),
            call.xid(),
            record,
            scratch.compound,
            Decision.NFS4ERR_MINOR_VERS_MISMATCH));
  }

  // A version that is allowed on no export. Inside a session each operation is judged: that one is
  // there means that the rules were others when it was made.
  private static boolean isMinorRefused(JudgeScratch scratch) {
    NfsVersion version = NfsVersion.of(NFS_VERSION, scratch.compound.minorVersion());
    return !scratch.compound.isInSession()
        && (version == null || !scratch.rules.allowsSomewhere(version));
  }

  private static ByteBuf notServed(ByteBufAllocator alloc, Call call, List<ServedProgram> served) {
    ServedProgram range = AllowedPrograms.range(served, call.program());
    return range == null
        ? refused(alloc, call, AcceptStatus.PROG_UNAVAIL)
        : mismatch(alloc, call, range.low(), range.high());
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
