package org.nfsproxy.server.judge;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.nfsproxy.nfs.ArgumentsWalk;
import org.nfsproxy.nfs.CompoundWalk;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.nlm.LockRefusals;
import org.nfsproxy.server.nlm.NlmAnswers;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.Credential;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Rules;

/** What one worker reuses from call to call, and the batch that lies on it. */
final class Bench {
  final Exports exports;
  final ArgumentsWalk arguments = new ArgumentsWalk();
  final CompoundWalk<Nfs4> compound = CompoundWalk.ofCalls();
  final Credential credential = new Credential();
  final ProcedureExamination procedureExamination = new ProcedureExamination();
  final CompoundExamination compoundExamination;

  /** What COMPOUNDs' replies teach where the handle they begin with is known. */
  final CompoundLesson lesson;

  final NlmAnswers nlm;

  final Containment containment;

  /** Where steps led that led elsewhere than expected. */
  final Crossings crossings;

  /** Whether nothing is counted, because the same call will be judged again. */
  boolean isTrial;

  CallBatch batch;
  Rules rules;
  Questions questions;
  InetAddress client;
  InetSocketAddress reached;
  private Caller caller;
  private Questions spareQuestions;

  Bench(
      Exports exports,
      LockRefusals lockRefusals,
      Containment containment,
      Crossings crossings,
      int verifiesMax) {
    this.exports = exports;
    this.containment = containment;
    this.crossings = crossings;
    this.lesson = new CompoundLesson(exports, null);
    this.compoundExamination =
        new CompoundExamination(exports, containment, crossings, verifiesMax);
    this.nlm = new NlmAnswers(lockRefusals);
  }

  void begin(CallBatch batch, Rules rules, Asker asker, InetSocketAddress reached) {
    this.batch = batch;
    this.rules = rules;
    this.questions = batch.kept() instanceof Questions kept ? kept : unasked().askedBy(asker);
    this.client = asker.address();
    this.reached = reached;
    this.caller =
        batch.remembered() instanceof Caller known && known.address() == client
            ? known
            : new Caller(client, ClientAddress.of(client), null, null);
  }

  private Questions unasked() {
    Questions unasked = spareQuestions == null ? new Questions(exports) : spareQuestions;
    spareQuestions = null;
    return unasked;
  }

  /** Takes the batch off; the questions that are open stay with it. */
  Future<?> end() {
    Future<?> open = questions.takeOpen();
    batch.keep(open == null ? null : questions);
    batch.remember(caller);
    if (questions.isUnasked()) {
      spareQuestions = questions;
    }
    batch = null;
    questions = null;
    return open;
  }

  void countCall(Export export) {
    if (!isTrial && export != null) {
      export.countCall();
    }
  }

  void countRefusal(Export export) {
    if (!isTrial && export != null) {
      export.countRefusal();
    }
  }

  Caller caller(NfsVersion version) {
    caller = caller.calling(credential.security(), version);
    return caller;
  }
}
