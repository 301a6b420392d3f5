package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.RpcException;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.CompoundExamination.Result;
import org.nfsproxy.server.judge.PendingLookups.Answer;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squashing;

/**
 * Finds out whether the parameters of the exports that a call of NFSv2, NFSv3, NFS_ACL or MOUNT
 * acts on refuse it. Not for several threads at once.
 */
// A row with two handles is judged by both (RENAME, LINK). Which filesystem a handle is in, does
// not change, so the verdict holds when the origin executes the call. A handle of which the origin
// says that it is stale or no handle has no filesystem now, and may have one again when the call
// gets there: the client is told here what the origin told us, and nothing is forwarded.
//
// Where a name leads may change at any time. What a row gives out by a name is judged in its reply:
// HandedOut, MountedReply. MNT's path is asked about first all the same, since the reply has a
// handle only: it is let through if it is one that somebody knows.
final class ProcedureExamination {
  /**
   * Of the versions whose handles MNT gives, the one in which a backend can be asked for a path.
   */
  private static final int PATHS_VERSION = 3;

  private static final int BADHANDLE = 10001;

  private final ArgumentsWalk walk;
  private PendingLookups lookups;
  private Rules rules;
  private Caller caller;
  private Family family = Family.NFS3;
  private Procedure procedure = Nfs3.NULL;
  private ByteBuf record = Unpooled.EMPTY_BUFFER;
  private int nfsVersion;
  private @Nullable Refusal refusal;
  private @Nullable Export found;
  private @Nullable ExportPath named;
  private @Nullable Squashing squashing;

  ProcedureExamination(JudgeScratch scratch) {
    this.walk = scratch.arguments;
    this.lookups = scratch.lookups;
    this.rules = scratch.rules;
    this.caller = scratch.caller();
  }

  /** Why it is refused, behind {@link Result#REFUSED}. */
  Refusal refusal() {
    return Objects.requireNonNull(refusal, "nothing is refused");
  }

  /** The export of the first handle; null if nobody had to look for it, or if it is not known. */
  @Nullable Export found() {
    return found;
  }

  /** The path that the call names; null if it was refused before anybody looked at it. */
  @Nullable ExportPath path() {
    return named;
  }

  /** What happens to the credential; null if the call has no filehandle. */
  @Nullable Squashing squashing() {
    return squashing;
  }

  /** Examines the call whose arguments the walk has been over. */
  Result examine(
      Procedure procedure,
      ByteBuf record,
      Family family,
      Rules rules,
      Caller caller,
      PendingLookups lookups) {
    this.lookups = lookups;
    this.rules = rules;
    this.caller = caller;
    this.family = family;
    this.procedure = procedure;
    this.record = record;
    NfsVersion version = caller.version();
    this.nfsVersion = version == null ? 0 : version.version();
    refusal = null;
    found = null;
    named = null;
    squashing = null;
    Result handles = examineHandles();
    boolean mounts = handles == Result.ALLOWED && procedure.handlesOut().isByPath();
    return mounts ? examinePath() : handles;
  }

  // What is not known of both is asked at once. The first handle's refusal is told before the
  // second's, whichever is answered first.
  private Result examineHandles() {
    boolean isAsking = false;
    for (int i = 0; i < walk.handles(); i++) {
      Result result = examineHandle(i);
      if (result == Result.ASKING) {
        isAsking = true;
      } else if (result != Result.ALLOWED && !isAsking) {
        return result;
      }
    }
    return isAsking ? Result.ASKING : Result.ALLOWED;
  }

  private Result examineHandle(int i) {
    boolean matters = !rules.isUniform() && (walk.writes() || rules.readsMatter());
    if (!matters) {
      Decision decision = decide(rules.root());
      if (!isForgivenOnRoot(decision)) {
        return judge(rules.root(), decision, null);
      }
    }
    Export known = lookups.known(record, walk.handleAt(i), walk.handleLength(i), nfsVersion);
    return known == null ? judgeAnswer(i, ask(i)) : judge(i, known);
  }

  private @Nullable Answer<Export> ask(int i) {
    Filehandle handle = Filehandle.copy(record, walk.handleAt(i), walk.handleLength(i));
    return lookups.export(handle, nfsVersion);
  }

  private Result judgeAnswer(int i, @Nullable Answer<Export> export) {
    if (export == null) {
      return Result.ASKING;
    }
    if (isUnreadable(export)) {
      return refuse(family.ownStatus(BADHANDLE), null, Refused.ORIGIN);
    }
    if (export.isSilence()) {
      return Result.SILENCE;
    }
    if (export.isNotThere() && export.failure() instanceof NfsStatusException no) {
      return refuse(family.ownStatus(no.status()), null, Refused.ORIGIN);
    }
    Export found = export.found();
    if (found != null) {
      return judge(i, found);
    }
    Parameters unseen = rules.ofUnseen();
    Decision decision = decide(unseen);
    boolean isLater = decision != Decision.ALLOWED && family == Family.NFS3 && export.isLater();
    return isLater
        ? refuse(PendingLookups.LATER, null, Refused.ORIGIN)
        : judge(unseen, decision, null);
  }

  // A Linux server does not even read a call whose handle is empty.
  private static boolean isUnreadable(Answer<?> answer) {
    return answer.failure() instanceof RpcException no
        && no.acceptStatus().filter(AcceptStatus.GARBAGE_ARGS::equals).isPresent();
  }

  // Silence and "later" are no words of MOUNT's, so the client has to try again.
  private Result refuseMount(Answer<?> answer) {
    return answer.failure() instanceof NfsStatusException no && !answer.isLater()
        ? refuse(family.ownStatus(no.status()), null, Refused.ORIGIN)
        : Result.SILENCE;
  }

  private Result judge(int i, Export export) {
    if (i == 0) {
      found = export;
    }
    Parameters parameters = ExportParameters.of(export, rules);
    Decision decision = decide(parameters);
    boolean isForgiven = isForgivenOnRoot(decision) && isRoot(i, export);
    return judge(parameters, isForgiven ? Decision.ALLOWED : decision, export);
  }

  private Decision decide(Parameters parameters) {
    return Decision.of(
        parameters, caller.peer(), caller.security(), caller.version(), walk.writes());
  }

  private boolean isForgivenOnRoot(Decision decision) {
    return decision.isForgivenOnRoot(procedure.flavorCheck(), caller.security());
  }

  private boolean isRoot(int i, Export export) {
    Filehandle root = export.root(PATHS_VERSION);
    return root != null
        && inVersion(root).equals(Filehandle.copy(record, walk.handleAt(i), walk.handleLength(i)));
  }

  // A handle of NFSv2 has a fixed length. A server that gives one file's handle in both versions
  // fills it up with zeros, as Linux does.
  private Filehandle inVersion(Filehandle handle) {
    return nfsVersion == 2 && handle.length() < Filehandle.NFS2_BYTES
        ? Filehandle.of(Arrays.copyOf(handle.bytes(), Filehandle.NFS2_BYTES))
        : handle;
  }

  private Result judge(Parameters parameters, Decision decision, @Nullable Export export) {
    squashing = squashing == null ? parameters.squashing() : squashing.with(parameters.squashing());
    return decision == Decision.ALLOWED
        ? Result.ALLOWED
        : refuse(Refusal.by(decision, 0, decision.status(family), export));
  }

  private Result examinePath() {
    byte[] bytes = new byte[walk.nameLength(0)];
    record.getBytes(walk.nameAt(0), bytes);
    String path = new String(bytes, StandardCharsets.UTF_8);
    named = ExportPath.of(path);
    Result byText = judgeMount(rules.parameters(named, null), null);
    return byText == Result.ALLOWED && rules.readsMatter() ? examinePlace(path) : byText;
  }

  /** What is really at a path of MNT: dots, slashes and second names are the origin's to read. */
  private Result examinePlace(String path) {
    Answer<Found> place = lookups.path(path, PATHS_VERSION);
    if (place == null) {
      return Result.ASKING;
    }
    if (place.failure() instanceof UnsupportedOperationException) {
      return Result.ALLOWED; // the reply's handle must be known then
    }
    Found there = place.found();
    if (there == null) {
      return refuseMount(place);
    }
    Answer<Export> answer = lookups.export(there.handle(), PATHS_VERSION);
    if (answer == null || isAskingAboutTwin(there.handle())) {
      return Result.ASKING;
    }
    Export export = answer.found();
    return export == null
        ? refuseMount(answer)
        : judgeMount(ExportParameters.of(export, rules), export);
  }

  // So that the handle in a reply of MOUNT version 1 is known, if it is this one.
  private boolean isAskingAboutTwin(Filehandle handle) {
    Filehandle twin = inVersion(handle);
    return twin != handle && lookups.export(twin, nfsVersion) == null;
  }

  private Result judgeMount(Parameters parameters, @Nullable Export export) {
    Decision decision = Decision.ofMount(parameters, caller.peer(), caller.version());
    return decision == Decision.ALLOWED
        ? Result.ALLOWED
        : refuse(Refusal.by(decision, 0, decision.statusOfName(family), export));
  }

  private Result refuse(int status, @Nullable Export export, Refused why) {
    return refuse(new Refusal(0, status, export, why));
  }

  private Result refuse(Refusal why) {
    refusal = why;
    return Result.REFUSED;
  }
}
