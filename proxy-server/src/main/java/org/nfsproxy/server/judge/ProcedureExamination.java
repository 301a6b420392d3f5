package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.nfsproxy.backend.Found;
import org.nfsproxy.nfs.ArgumentsWalk;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.HandlesOut;
import org.nfsproxy.nfs.Procedure;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.CompoundExamination.Result;
import org.nfsproxy.server.judge.Questions.Answer;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squashing;

/**
 * Finds out whether the parameters of the exports that a call of NFSv2, NFSv3, NFS_ACL or MOUNT
 * acts on refuse it. Not for several threads at once.
 */
// A row with two handles is judged by both (RENAME, LINK). A row whose reply gives the handle of
// what a name leads to is judged by that too, where the name could lead into a rule's tree.
final class ProcedureExamination {
  private Questions questions;
  private Rules rules;
  private Caller caller;
  private Family family;
  private int nfsVersion;
  private Refusal refusal;
  private Export found;
  private Squashing squashing;

  /** Why it is refused. */
  Refusal refusal() {
    return refusal;
  }

  /** The export of the first handle; null if nobody had to look for it, or if it is not known. */
  Export found() {
    return found;
  }

  /** What happens to the credential; null if the call has no filehandle. */
  Squashing squashing() {
    return squashing;
  }

  Result examine(
      Procedure procedure,
      ArgumentsWalk walk,
      ByteBuf record,
      Family family,
      Rules rules,
      Caller caller,
      Questions questions) {
    this.questions = questions;
    this.rules = rules;
    this.caller = caller;
    this.family = family;
    this.nfsVersion = caller.version() == null ? 0 : caller.version().version();
    refusal = null;
    found = null;
    squashing = null;
    for (int i = 0; i < walk.handles(); i++) {
      Result result = examineHandle(walk, record, i);
      if (result != Result.ALLOWED) {
        return result;
      }
    }
    if (procedure.handlesOut().isByPath()) {
      return examinePath(walk, record);
    }
    boolean looksUp = procedure.handlesOut() == HandlesOut.OBJECT && walk.names() > 0;
    return looksUp ? examineName(walk, record) : Result.ALLOWED;
  }

  private Result examineHandle(ArgumentsWalk walk, ByteBuf record, int i) {
    boolean matters = !rules.isUniform() && (walk.writes() || rules.readsMatter());
    if (!matters) {
      return judge(rules.root(), null, walk.writes(), false);
    }
    Export known = questions.known(record, walk.handleAt(i), walk.handleLength(i), nfsVersion);
    if (known == null) {
      return judgeAnswer(ask(walk, record, i), walk.writes(), false);
    }
    if (i == 0) {
      found = known;
    }
    return judge(ExportParameters.of(known, rules), known, walk.writes(), false);
  }

  private Answer<Export> ask(ArgumentsWalk walk, ByteBuf record, int i) {
    Filehandle handle = Filehandle.copy(record, walk.handleAt(i), walk.handleLength(i));
    return questions.export(handle, nfsVersion);
  }

  private Result examineName(ArgumentsWalk walk, ByteBuf record) {
    if (rules.isUniform() || !rules.mayEnter(record, walk.nameAt(0), walk.nameLength(0))) {
      return Result.ALLOWED;
    }
    Filehandle directory = Filehandle.copy(record, walk.handleAt(0), walk.handleLength(0));
    byte[] name = new byte[walk.nameLength(0)];
    record.getBytes(walk.nameAt(0), name);
    Answer<Found> child = questions.child(directory, name, nfsVersion);
    if (child == null) {
      return Result.ASKING;
    }
    if (child.failure() != null) {
      return judgeAnswer(new Answer<>(null, child.failure()), false, true);
    }
    return judgeAnswer(questions.export(child.found().handle(), nfsVersion), false, true);
  }

  private Result judgeAnswer(Answer<Export> export, boolean writes, boolean byName) {
    if (export == null) {
      return Result.ASKING;
    }
    if (export.isLeftToOrigin()) {
      return Result.ALLOWED;
    }
    if (export.isSilence()) {
      return Result.SILENCE;
    }
    Parameters parameters =
        export.found() == null ? rules.ofUnseen() : ExportParameters.of(export.found(), rules);
    Result result = judge(parameters, export.found(), writes, byName);
    if (result == Result.REFUSED && family == Family.NFS3 && export.isLater()) {
      refusal = new Refusal(0, Questions.LATER, null);
    }
    return result;
  }

  private Result judge(Parameters parameters, Export export, boolean writes, boolean byName) {
    squashing = squashing == null ? parameters.squashing() : squashing.with(parameters.squashing());
    Decision decision =
        Decision.of(parameters, caller.comparable(), caller.security(), caller.version(), writes);
    return refuse(decision, export, byName);
  }

  private Result examinePath(ArgumentsWalk walk, ByteBuf record) {
    byte[] path = new byte[walk.nameLength(0)];
    record.getBytes(walk.nameAt(0), path);
    Parameters parameters =
        rules.parameters(ExportPath.of(new String(path, StandardCharsets.UTF_8)), null);
    return refuse(Decision.ofMount(parameters, caller.comparable(), caller.version()), null, true);
  }

  private Result refuse(Decision decision, Export export, boolean byName) {
    if (decision == Decision.ALLOWED) {
      return Result.ALLOWED;
    }
    int status = byName ? decision.statusOfName(family) : decision.status(family);
    refusal = new Refusal(0, status, export);
    return Result.REFUSED;
  }
}
