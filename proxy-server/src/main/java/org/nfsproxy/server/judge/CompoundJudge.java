package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.nfsproxy.nfs.CompoundWalk;
import org.nfsproxy.nfs.CutCall;
import org.nfsproxy.nfs.Effect;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.HandlesOut;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.nfs.NfsStatus;
import org.nfsproxy.nfs.RefusedReply;
import org.nfsproxy.nfs.Registers;
import org.nfsproxy.nfs.VerifiedCall;
import org.nfsproxy.nfs.VerifiedStep;
import org.nfsproxy.nfs.VoidedOpen;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.CompoundExamination.Result;
import org.nfsproxy.server.judge.Crossings.Way;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squashing;

/** COMPOUNDs in the clear, once every operation of them is known. */
final class CompoundJudge {
  private static final int NFS_VERSION = 4;
  private static final NfsVersion NEWEST = NfsVersion.V4_2;

  private CompoundJudge() {}

  static void decide(JudgeScratch scratch, int i, Call call, ByteBuf record) {
    switch (examine(scratch, record)) {
      case ASKING -> {}
      case SILENCE -> scratch.batch.decide(i, Verdict.RETRY);
      case REFUSED -> refuse(scratch, i, call, record, scratch.compoundExamination.refusal());
      case ALLOWED -> forward(scratch, i, call, record, scratch.compoundExamination.squashing());
    }
  }

  /**
   * A COMPOUND with an operation that has no row: those before it are judged, and if they are
   * allowed it is refused as one that nobody knows (RFC 8881 section 15.2). Where nothing is
   * forbidden anywhere the origin may say so.
   */
  static void decideUnknown(
      JudgeScratch scratch, int i, Call call, ByteBuf record, boolean mayForward) {
    switch (examine(scratch, record)) {
      case ASKING -> {}
      case SILENCE -> scratch.batch.decide(i, Verdict.RETRY);
      case REFUSED -> refuse(scratch, i, call, record, scratch.compoundExamination.refusal());
      case ALLOWED -> {
        int minor = scratch.compound.minorVersion();
        if (mayForward && allowsAll(scratch, NfsVersion.of(NFS_VERSION, minor))) {
          forward(scratch, i, call, record, scratch.rules.root().squashing());
        } else {
          Refusal unknown =
              new Refusal(
                  scratch.compound.count(), NfsStatus.OP_ILLEGAL, null, Refused.UNKNOWN_OPERATIONS);
          refuse(scratch, i, call, record, unknown);
        }
      }
    }
  }

  /**
   * A COMPOUND of a minor version that nobody here knows, none of whose operations can be read.
   *
   * @return false if it must not be forwarded
   */
  static boolean decideUnknownMinor(JudgeScratch scratch, int i, Call call, ByteBuf record) {
    Set<NfsVersion> versions = scratch.rules.root().versions();
    boolean isAllowed = versions.size() == NfsVersion.values().length && allowsAll(scratch, NEWEST);
    if (isAllowed) {
      examine(scratch, record);
      forward(scratch, i, call, record, scratch.rules.root().squashing());
    }
    return isAllowed;
  }

  /** Whether nothing is refused to this caller, wherever it acts. */
  private static boolean allowsAll(JudgeScratch scratch, NfsVersion version) {
    Caller caller = scratch.caller(version);
    return scratch.rules.isUniform()
        && Decision.of(scratch.rules.root(), caller.comparable(), caller.security(), version, true)
            == Decision.ALLOWED;
  }

  private static Result examine(JudgeScratch scratch, ByteBuf record) {
    CompoundWalk<Nfs4> walk = scratch.compound;
    Caller caller = scratch.caller(NfsVersion.of(NFS_VERSION, walk.minorVersion()));
    return scratch.compoundExamination.examine(
        walk, record, scratch.rules, caller, scratch.lookups);
  }

  private static void forward(
      JudgeScratch scratch, int i, Call call, ByteBuf record, Squashing squashing) {
    CompoundWalk<Nfs4> walk = scratch.compound;
    Export export = exportOf(scratch, walk, record);
    if (export != null || firstPut(walk) >= 0) {
      scratch.countCall(export);
    }
    ReplyOpener first = corrected(scratch, null, learnerOf(scratch, walk, record, export));
    ReplyOpener opener = scratch.containment.reply(record, walk, export, scratch.reached, first);
    finish(scratch, i, call, record, squashing, opener);
  }

  private static void refuse(
      JudgeScratch scratch, int i, Call call, ByteBuf record, Refusal refusal) {
    CompoundWalk<Nfs4> walk = scratch.compound;
    int operations = refusal.operation();
    Nfs4 operation = operations < walk.count() ? walk.operation(operations) : Nfs4.ILLEGAL;
    scratch.countRefusal(refusal.why(), refusal.export());
    if (!scratch.isTrial
        && operation != Nfs4.ILLEGAL
        && scratch.containment.refuses(walk, operations)) {
      scratch.containment.countRefused(operation);
    }
    boolean isVoided = operation != Nfs4.ILLEGAL && VoidedOpen.fits(walk, operations);
    if (operations == 0 && !isVoided) {
      scratch.batch.answer(
          i,
          RefusedReply.compound(
              record.alloc(), call.xid(), record, walk, operation, refusal.status()));
      return;
    }
    ReplyOpener refused =
        isVoided
            ? new VoidedReply(operations, refusal.status())
            : new CutReply(operations, operation, refusal.status());
    Export export = exportOf(scratch, walk, record);
    ReplyOpener first = corrected(scratch, refused, null);
    ReplyOpener opener = scratch.containment.reply(record, walk, export, scratch.reached, first);
    ByteBuf shorter =
        isVoided
            ? VoidedOpen.call(record, walk, operations)
            : CutCall.cut(record, walk, operations);
    walkAgain(scratch, i, call, record, shorter);
    finish(scratch, i, call, shorter, scratch.compoundExamination.squashing(), opener);
  }

  // From the back to the front, since what is changed moves what stands behind it: cut off,
  // verified, contained, squashed.
  private static void finish(
      JudgeScratch scratch,
      int i,
      Call call,
      ByteBuf record,
      Squashing squashing,
      ReplyOpener opener) {
    CompoundWalk<Nfs4> walk = scratch.compound;
    List<VerifiedStep> verified = scratch.compoundExamination.verified();
    ByteBuf checked = record;
    if (!verified.isEmpty()) {
      checked = VerifiedCall.insert(record, walk, verified);
      walkAgain(scratch, i, call, record, checked);
    }
    ByteBuf contained = scratch.batch.replace(i, scratch.containment.call(checked, walk));
    ByteBuf squashed =
        squashing == null
            ? contained
            : scratch.batch.replace(i, scratch.credential.squash(contained, squashing));
    scratch.batch.forward(i, squashed, opener);
  }

  private static void walkAgain(
      JudgeScratch scratch, int i, Call call, ByteBuf before, ByteBuf now) {
    scratch.batch.replace(i, now);
    int argumentsBehind = call.argumentsAt() - before.readerIndex();
    scratch.compound.walk(
        now, now.readerIndex() + argumentsBehind, now.writerIndex(), Integer.MAX_VALUE);
  }

  private static boolean isShortened(AllowedFlavors.Allowed list) {
    return list.flavors().size() < Security.values().length;
  }

  /** The reply as if the client's own operations had been executed, for whoever reads it then. */
  private static ReplyOpener corrected(
      JudgeScratch scratch, ReplyOpener refused, ReplyOpener learner) {
    CompoundExamination examination = scratch.compoundExamination;
    boolean isVerified = !examination.verified().isEmpty();
    ReplyOpener opener = isVerified || learner == null ? refused : learner;
    if (!examination.overpromising().isEmpty()) {
      opener = new ReadOnlyAccess((BitSet) examination.overpromising().clone(), opener);
    }
    if (examination.flavors().stream().anyMatch(CompoundJudge::isShortened)) {
      opener = new AllowedFlavors(List.copyOf(examination.flavors()), opener);
    }
    if (isVerified) {
      List<VerifiedStep> steps = List.copyOf(examination.verified());
      List<Way> ways = new ArrayList<>(examination.ways());
      opener = new VerifiedCompound(scratch.crossings, steps, ways, opener, learner);
    }
    return opener;
  }

  // In NFSv4.0 an open-owner's or lock-owner's operation may be answered out of its replay cache,
  // with
  // the results of another operation (Linux: nfsd4_encode_replay). What stands behind it is then
  // read
  // at the wrong place, and may be bytes of a file. So nothing is learnt outside a session but from
  // COMPOUNDs that change nothing.
  //
  // A handle nobody knows is learnt from the reply to the first call about it that says what it is,
  // as long as nothing depends on that: a slot's reply may be replayed to a call about another
  // handle. Where exports differ, what a reply says of the handles in itself is learnt: to ask
  // later would cost a call. Where calls are counted, what OPEN and CREATE say is too, since a READ
  // that follows tells nothing. From LOOKUP as well it made that dearer by a tenth.
  private static ReplyOpener learnerOf(
      JudgeScratch scratch, CompoundWalk<Nfs4> walk, ByteBuf record, Export export) {
    int put = firstPut(walk);
    boolean bringsHandle = false;
    boolean bringsAttributes = false;
    boolean opens = false;
    boolean isInSession = walk.isInSession();
    for (int i = 0; i < walk.count(); i++) {
      Nfs4 operation = walk.operation(i);
      if (!isInSession && operation.effect() != Effect.READS) {
        return null;
      }
      Registers registers = operation.registers();
      opens |= registers == Registers.TO_OPENED || registers == Registers.TO_CREATED;
      bringsHandle |= operation.handlesOut() == HandlesOut.OBJECT;
      bringsAttributes |= operation.handlesOut() == HandlesOut.ATTRIBUTE;
    }
    boolean isOfInterest = !scratch.rules.isUniform() || opens && scratch.summary != null;
    boolean bringsChild = bringsHandle && bringsAttributes && isOfInterest;
    boolean isUnknown = export == null && bringsAttributes && scratch.rules.isUniform();
    if (!bringsChild && !isUnknown) {
      return null;
    }
    if (put < 0 || !isUnknown) {
      return scratch.learner;
    }
    Filehandle handle = Filehandle.copy(record, walk.handleAt(put), walk.handleLength(put));
    return new CompoundReplyLearner(scratch.exports, handle, scratch.summary);
  }

  private static int firstPut(CompoundWalk<Nfs4> walk) {
    for (int i = 0; i < walk.count(); i++) {
      if (walk.operation(i).registers() == Registers.TO_ARGUMENT) {
        return i;
      }
    }
    return -1;
  }

  private static Export exportOf(JudgeScratch scratch, CompoundWalk<Nfs4> walk, ByteBuf record) {
    Export found = scratch.compoundExamination.put();
    int put = firstPut(walk);
    return found != null || put < 0
        ? found
        : scratch.exports.find(record, walk.handleAt(put), walk.handleLength(put), NFS_VERSION);
  }
}
