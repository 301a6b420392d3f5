package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.RefusedReply;
import org.nfsproxy.nfs.table.HandlesOut;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.cache.CachedReads;
import org.nfsproxy.server.cache.Heard;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.CompoundExamination.Result;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squashing;

/**
 * Calls of NFSv2, NFSv3, NFS_ACL and MOUNT in the clear, once their arguments are known whole. One
 * for each worker, which judges one call after the other.
 */
final class ProcedureJudge {
  /** The only one here whose READ goes through a cache. */
  private static final int READS_VERSION = 3;

  private final JudgeScratch scratch;
  private final ProcedureExamination examination;
  private int i;
  private Procedure procedure = Nfs3.NULL;
  private Family family = Family.NFS3;
  private Caller caller;
  private Call call = new Call();
  private ByteBuf record = Unpooled.EMPTY_BUFFER;

  ProcedureJudge(JudgeScratch scratch) {
    this.scratch = scratch;
    this.examination = new ProcedureExamination(scratch);
    this.caller = scratch.caller();
  }

  /** Decides about the call with this number in the batch, whose arguments the walk has read. */
  void decide(int i, Procedure procedure, Call call, ByteBuf record) {
    this.i = i;
    this.procedure = procedure;
    this.call = call;
    this.record = record;
    family =
        Objects.requireNonNull(
            Family.of(call.program(), call.version()), "one that has procedures");
    caller = scratch.caller(versionOf(family));
    Result result =
        examination.examine(procedure, record, family, scratch.rules, caller, scratch.lookups);
    switch (result) {
      case ASKING -> {}
      case SILENCE -> scratch.batch.decide(i, Verdict.RETRY);
      case REFUSED -> refuse();
      case ALLOWED -> {
        Keeping keeping = keeping();
        CachedReads through = keeping == Keeping.KEPT ? scratch.reads : null;
        Heard heard = through == null ? Heard.NOTHING : heard(through);
        if (keeping != Keeping.ASKING && heard != null) {
          forward(through, heard);
        }
      }
    }
  }

  /** Whether what a READ reads is kept. */
  private Keeping keeping() {
    ArgumentsWalk walk = scratch.arguments;
    return scratch.reads == null || !scratch.reads.concerns(walk, record)
        ? Keeping.PASSING
        : Keeping.of(scratch, record, walk.handleAt(0), walk.handleLength(0), READS_VERSION);
  }

  /** What other instances say of it; null until they have. */
  private @Nullable Heard heard(CachedReads through) {
    return scratch.heard(i, () -> through.ask(scratch.arguments, record));
  }

  private void forward(@Nullable CachedReads through, Heard heard) {
    ReplyOpener opener = openerOf();
    // Before the credential is squashed, which may move what stands in front of the arguments.
    ReplyOpener cached =
        through == null
            ? opener
            : through.procedure(scratch.arguments, record, scratch.counted, heard, opener);
    Squashing squashing = examination.squashing();
    ByteBuf squashed =
        squashing == null
            ? record
            : scratch.batch.replace(i, scratch.credential.squash(record, squashing));
    CachedReads.leaves(cached, squashed);
    scratch.batch.forward(i, squashed, cached);
  }

  private void refuse() {
    Refusal refusal = examination.refusal();
    boolean isByPath = procedure.handlesOut().isByPath();
    ExportPath named = isByPath && refusal.export() == null ? examination.path() : null;
    scratch.refused(
        caller,
        refusal,
        named,
        () -> Asked.of(procedure, scratch.arguments, call, record),
        () -> CallNotes.operation(procedure, scratch.arguments, record),
        call,
        record);
    scratch.batch.answer(
        i, RefusedReply.procedure(record.alloc(), call.xid(), procedure, refusal.status()));
  }

  private static NfsVersion versionOf(Family family) {
    return family == Family.NFS2 || family == Family.MOUNT1 ? NfsVersion.V2 : NfsVersion.V3;
  }

  private @Nullable ReplyOpener openerOf() {
    Rules rules = scratch.rules;
    if (procedure.handlesOut() == HandlesOut.PATHS) {
      return new MountReply(procedure, rules, caller);
    }
    if (procedure.handlesOut() == HandlesOut.ROOT) {
      return new MountedReply(
          scratch.exports,
          procedure,
          family,
          rules,
          caller,
          scratch.summary,
          scratch.reports,
          examination.path());
    }
    return scratch.arguments.handles() == 0 ? null : learnerOf(family == Family.NFS2 ? 2 : 3);
  }

  private @Nullable ReplyOpener learnerOf(int nfsVersion) {
    ArgumentsWalk walk = scratch.arguments;
    Export found = examination.found();
    Export export =
        found == null
            ? scratch.exports.likely(record, walk.handleAt(0), walk.handleLength(0), nfsVersion)
            : found;
    scratch.countCall(export);
    boolean isHeld = isHeld(scratch.rules, procedure, export);
    if (!isHeld && scratch.summary != null && isOfInterestOnly(scratch.rules, procedure, export)) {
      return scratch.learnerOf(procedure, nfsVersion);
    }
    return isHeld || teaches(scratch.rules, procedure, export)
        ? new ProcedureReplyLearner(
            scratch.exports,
            procedure,
            nfsVersion,
            export,
            isHeld ? scratch.rules : null,
            caller,
            scratch.summary,
            scratch.reports,
            walk,
            record)
        : null;
  }

  /** Whether no rule depends on what the reply tells, but calls to come are counted by it. */
  private static boolean isOfInterestOnly(
      Rules rules, Procedure procedure, @Nullable Export export) {
    return !rules.placesMatter()
        && export != null
        && procedure.handlesOut() == HandlesOut.NEW_OBJECT;
  }

  // A listing is long, and passes as it arrives unless exports differ: then every handle in it
  // saves a question.
  private static boolean teaches(Rules rules, Procedure procedure, @Nullable Export export) {
    return switch (procedure.handlesOut()) {
      case NOTHING -> false;
      case IDENTITY -> export == null;
      case ENTRIES -> rules.placesMatter();
      default -> rules.placesMatter() || export == null;
    };
  }

  /** Whether the reply may say more than the rules allow. */
  private static boolean isHeld(Rules rules, Procedure procedure, @Nullable Export export) {
    if (procedure.resultParts().contains(Part.GRANTED)) {
      return mayBeReadOnly(rules, export);
    }
    return rules.readsMatter()
        && switch (procedure.handlesOut()) {
          case OBJECT, NEW_OBJECT, ENTRIES -> true;
          default -> false;
        };
  }

  private static boolean mayBeReadOnly(Rules rules, @Nullable Export export) {
    if (rules.isUniform()) {
      return rules.root().access() == Access.RO;
    }
    Parameters parameters = export == null ? rules.ofUnseen() : ExportParameters.of(export, rules);
    return parameters.access() != Access.RW;
  }
}
