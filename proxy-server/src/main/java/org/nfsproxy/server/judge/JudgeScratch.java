package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.cache.CachedReads;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.call.NotedOperation;
import org.nfsproxy.server.call.NotedRefusal;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.nlm.LockRefusals;
import org.nfsproxy.server.nlm.NlmAnswers;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.Credential;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.Rules;

/** What one worker reuses from call to call, and the batch it judges. */
final class JudgeScratch {
  final Exports exports;
  final ArgumentsWalk arguments = new ArgumentsWalk();
  final CompoundWalk<Nfs4> compound = CompoundWalk.ofCalls();
  final Credential credential = new Credential();
  final ProcedureJudge procedureJudge;
  final CompoundJudge compoundJudge;

  /** What COMPOUNDs' replies teach where the handle they begin with is known. */
  final CompoundReplyLearner learner;

  final CompoundReplyLearner learnerBehindOwner;

  final NlmAnswers nlm;

  final Containment containment;

  /** Where steps led that led elsewhere than expected. */
  final Crossings crossings;

  final RefusalReports reports;

  /** Whether nothing is counted, because the same call will be judged again. */
  boolean isTrial;

  // Of the batch that is judged; between two of them something that nobody looks at.
  CallBatch batch;

  /** What the call that is being judged is counted with; null if it is not. */
  @Nullable CallSummary summary;

  /** The number of the export that a call was counted for last. */
  long counted = CallSummary.NO_EXPORT;

  /** What becomes of calls that read; null where they pass as they are. */
  @Nullable CachedReads reads;

  Rules rules;
  PendingLookups lookups;
  InetAddress client;
  InetSocketAddress reached;
  private final CallBatch noBatch = new CallBatch();
  private final PendingLookups noLookups;
  private final Map<Procedure, ObjectLearner> learners = new HashMap<>();
  private Caller caller;
  private @Nullable PendingLookups spareLookups;

  JudgeScratch(
      Exports exports,
      LockRefusals lockRefusals,
      Containment containment,
      Crossings crossings,
      RefusalReports reports,
      int verifiesMax,
      Rules rules) {
    this.exports = exports;
    this.containment = containment;
    this.crossings = crossings;
    this.reports = reports;
    this.learner = new CompoundReplyLearner(exports, null, false, null);
    this.learnerBehindOwner = new CompoundReplyLearner(exports, null, true, null);
    this.batch = noBatch;
    this.rules = rules;
    this.reached = new InetSocketAddress(0);
    this.client = reached.getAddress();
    this.caller = Caller.from(client, 0, Peer.plain(ClientAddress.of(client)));
    this.noLookups = new PendingLookups(exports, new Asker(client));
    this.lookups = noLookups;
    this.procedureJudge = new ProcedureJudge(this);
    this.compoundJudge = new CompoundJudge(this, new CompoundExamination(this, verifiesMax));
    this.nlm = new NlmAnswers(lockRefusals);
  }

  void begin(CallBatch batch, Rules rules, Asker asker, Peer peer, InetSocketAddress reached) {
    this.batch = batch;
    this.rules = rules;
    this.lookups = batch.openQuestions() instanceof PendingLookups open ? open : unasked(asker);
    this.client = Objects.requireNonNull(asker.address(), "it is a connection's");
    this.reached = reached;
    this.caller =
        batch.lastCaller() instanceof Caller known && known.peer() == peer
            ? known
            : Caller.from(client, asker.port(), peer);
  }

  private PendingLookups unasked(Asker asker) {
    PendingLookups spare = spareLookups;
    spareLookups = null;
    return spare == null ? new PendingLookups(exports, asker) : spare.askedBy(asker);
  }

  /** Takes the batch off; the questions that are open stay with it. Null if none are. */
  @Nullable Future<?> end() {
    Future<?> open = lookups.takeOpen();
    batch.keepOpen(open == null ? null : lookups);
    batch.rememberCaller(caller);
    if (lookups.isUnasked()) {
      spareLookups = lookups;
    }
    batch = noBatch;
    summary = null;
    lookups = noLookups;
    return open;
  }

  void countCall(@Nullable Export export) {
    counted = export == null ? CallSummary.UNKNOWN_EXPORT : export.number();
    if (summary != null) {
      summary.at(counted);
    }
    if (!isTrial && export != null) {
      export.countCall();
    }
  }

  /**
   * Counts and reports a call that is refused; see {@link RefusalReports#report}.
   *
   * @param noted what was refused, for whoever wants to be told of the call
   * @param record where it is, as its client sent it
   */
  void refused(
      Caller caller,
      Refusal refusal,
      @Nullable ExportPath named,
      Supplier<String> asked,
      Supplier<NotedOperation> noted,
      Call call,
      ByteBuf record) {
    Export export = refusal.export();
    if (summary != null) {
      summary.refused(refusal.why().number());
      if (export != null) {
        summary.at(export.number());
      }
    }
    if (isTrial) {
      return;
    }
    if (export != null) {
      export.countRefusal();
    }
    String rule = reports.report(rules, caller, call.xid(), refusal, named, asked);
    CallNote note = CallNotes.refused(summary, call, credential, record);
    if (note != null) {
      note.refuse(new NotedRefusal(noted.get(), refusal.why().word(), rule));
    }
  }

  /** What the replies of a procedure teach where no rule depends on it. */
  ObjectLearner learnerOf(Procedure procedure, int nfsVersion) {
    ObjectLearner known = learners.get(procedure);
    if (known == null) {
      known = new ObjectLearner(exports, procedure, nfsVersion);
      learners.put(procedure, known);
    }
    return known;
  }

  /** The last one, however it called. */
  Caller caller() {
    return caller;
  }

  /** Who calls, where nobody has looked yet how. */
  Caller unknownCaller(@Nullable NfsVersion version) {
    return caller.calling(null, version);
  }

  Caller caller(@Nullable NfsVersion version) {
    caller = caller.calling(credential.security(), version);
    return caller;
  }
}
