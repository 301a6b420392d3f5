package org.nfsproxy.server.judge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.nfsproxy.nfs.ArgumentsWalk;
import org.nfsproxy.nfs.CompoundWalk;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.listen.CallBatch;
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
  final NlmAnswers nlm;

  final Containment containment;

  CallBatch batch;
  Rules rules;
  Questions questions;
  InetAddress client;
  InetSocketAddress reached;
  private ClientAddress comparable;

  Bench(Exports exports, LockRefusals lockRefusals, Containment containment) {
    this.exports = exports;
    this.containment = containment;
    this.compoundExamination = new CompoundExamination(exports, containment);
    this.nlm = new NlmAnswers(lockRefusals);
  }

  void begin(
      CallBatch batch,
      Rules rules,
      Questions questions,
      InetAddress client,
      InetSocketAddress reached) {
    this.batch = batch;
    this.rules = rules;
    this.questions = questions;
    this.client = client;
    this.reached = reached;
    this.comparable = ClientAddress.of(client);
  }

  Caller caller(NfsVersion version) {
    return new Caller(client, comparable, credential.security(), version);
  }
}
