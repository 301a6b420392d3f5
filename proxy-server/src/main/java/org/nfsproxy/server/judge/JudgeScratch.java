package org.nfsproxy.server.judge;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.CallSummary;
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

  CallBatch batch;

  /** What the call that is being judged is counted with; null if it is not. */
  CallSummary summary;

  Rules rules;
  PendingLookups lookups;
  InetAddress client;
  InetSocketAddress reached;
  private final Map<Procedure, ObjectLearner> learners = new HashMap<>();
  private Caller caller;
  private PendingLookups spareLookups;

  JudgeScratch(
      Exports exports,
      LockRefusals lockRefusals,
      Containment containment,
      Crossings crossings,
      RefusalReports reports,
      int verifiesMax) {
    this.exports = exports;
    this.containment = containment;
    this.crossings = crossings;
    this.reports = reports;
    this.learner = new CompoundReplyLearner(exports, null, false, null);
    this.learnerBehindOwner = new CompoundReplyLearner(exports, null, true, null);
    this.procedureJudge = new ProcedureJudge(this);
    this.compoundJudge =
        new CompoundJudge(
            this, new CompoundExamination(exports, containment, crossings, verifiesMax));
    this.nlm = new NlmAnswers(lockRefusals);
  }

  void begin(CallBatch batch, Rules rules, Asker asker, InetSocketAddress reached) {
    this.batch = batch;
    this.rules = rules;
    this.lookups =
        batch.openQuestions() instanceof PendingLookups open ? open : unasked().askedBy(asker);
    this.client = asker.address();
    this.reached = reached;
    this.caller =
        batch.lastCaller() instanceof Caller known && known.address() == client
            ? known
            : new Caller(client, ClientAddress.of(client), null, null);
  }

  private PendingLookups unasked() {
    PendingLookups unasked = spareLookups == null ? new PendingLookups(exports) : spareLookups;
    spareLookups = null;
    return unasked;
  }

  /** Takes the batch off; the questions that are open stay with it. */
  Future<?> end() {
    Future<?> open = lookups.takeOpen();
    batch.keepOpen(open == null ? null : lookups);
    batch.rememberCaller(caller);
    if (lookups.isUnasked()) {
      spareLookups = lookups;
    }
    batch = null;
    summary = null;
    lookups = null;
    return open;
  }

  void countCall(Export export) {
    if (summary != null) {
      summary.at(export == null ? CallSummary.UNKNOWN_EXPORT : export.number());
    }
    if (!isTrial && export != null) {
      export.countCall();
    }
  }

  /** Counts and reports a call that is refused; see {@link RefusalReports#report}. */
  void refused(Caller caller, Refusal refusal, ExportPath named, Supplier<String> asked) {
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
    reports.report(rules, caller, refusal, named, asked);
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

  /** Who calls, where nobody has looked yet how. */
  Caller unknownCaller(NfsVersion version) {
    return caller.calling(null, version);
  }

  Caller caller(NfsVersion version) {
    caller = caller.calling(credential.security(), version);
    return caller;
  }
}
