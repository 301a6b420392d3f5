package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.nfsproxy.nfs.CompoundWalk;
import org.nfsproxy.nfs.CutCall;
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
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squashing;

/** COMPOUNDs in the clear, once every operation of them is known. */
final class OpenCompounds {
  private static final int NFS_VERSION = 4;
  private static final NfsVersion NEWEST = NfsVersion.V4_2;

  private OpenCompounds() {}

  static void decide(Bench bench, int i, Call call, ByteBuf record) {
    switch (examine(bench, record)) {
      case ASKING -> {}
      case SILENCE -> bench.batch.decide(i, Verdict.RETRY);
      case REFUSED -> refuse(bench, i, call, record, bench.compoundExamination.refusal());
      case ALLOWED -> forward(bench, i, call, record, bench.compoundExamination.squashing());
    }
  }

  /**
   * A COMPOUND with an operation that has no row: those before it are judged, and if they are
   * allowed it is refused as one that nobody knows (RFC 8881 section 15.2). Where nothing is
   * forbidden anywhere the origin may say so.
   */
  static void decideUnknown(Bench bench, int i, Call call, ByteBuf record, boolean mayForward) {
    switch (examine(bench, record)) {
      case ASKING -> {}
      case SILENCE -> bench.batch.decide(i, Verdict.RETRY);
      case REFUSED -> refuse(bench, i, call, record, bench.compoundExamination.refusal());
      case ALLOWED -> {
        int minor = bench.compound.minorVersion();
        if (mayForward && allowsAll(bench, NfsVersion.of(NFS_VERSION, minor))) {
          forward(bench, i, call, record, bench.rules.root().squashing());
        } else {
          Refusal unknown = new Refusal(bench.compound.count(), NfsStatus.OP_ILLEGAL, null);
          refuse(bench, i, call, record, unknown);
        }
      }
    }
  }

  /**
   * A COMPOUND of a minor version that nobody here knows, none of whose operations can be read.
   *
   * @return false if it must not be forwarded
   */
  static boolean decideUnknownMinor(Bench bench, int i, Call call, ByteBuf record) {
    Set<NfsVersion> versions = bench.rules.root().versions();
    boolean isAllowed = versions.size() == NfsVersion.values().length && allowsAll(bench, NEWEST);
    if (isAllowed) {
      examine(bench, record);
      forward(bench, i, call, record, bench.rules.root().squashing());
    }
    return isAllowed;
  }

  /** Whether nothing is refused to this caller, wherever it acts. */
  private static boolean allowsAll(Bench bench, NfsVersion version) {
    Caller caller = bench.caller(version);
    return bench.rules.isUniform()
        && Decision.of(bench.rules.root(), caller.comparable(), caller.security(), version, true)
            == Decision.ALLOWED;
  }

  private static Result examine(Bench bench, ByteBuf record) {
    CompoundWalk<Nfs4> walk = bench.compound;
    Caller caller = bench.caller(NfsVersion.of(NFS_VERSION, walk.minorVersion()));
    return bench.compoundExamination.examine(walk, record, bench.rules, caller, bench.questions);
  }

  private static void forward(Bench bench, int i, Call call, ByteBuf record, Squashing squashing) {
    CompoundWalk<Nfs4> walk = bench.compound;
    Export export = exportOf(bench, walk, record);
    bench.countCall(export);
    ReplyOpener first = corrected(bench, null, lessonOf(bench, walk, record, export));
    ReplyOpener opener = bench.containment.reply(record, walk, export, bench.reached, first);
    finish(bench, i, call, record, squashing, opener);
  }

  private static void refuse(Bench bench, int i, Call call, ByteBuf record, Refusal refusal) {
    CompoundWalk<Nfs4> walk = bench.compound;
    int operations = refusal.operation();
    Nfs4 operation = operations < walk.count() ? walk.operation(operations) : Nfs4.ILLEGAL;
    bench.countRefusal(refusal.export());
    if (!bench.isTrial
        && operation != Nfs4.ILLEGAL
        && bench.containment.refuses(walk, operations)) {
      bench.containment.countRefused(operation);
    }
    boolean isVoided = operation != Nfs4.ILLEGAL && VoidedOpen.fits(walk, operations);
    if (operations == 0 && !isVoided) {
      bench.batch.answer(
          i,
          RefusedReply.compound(
              record.alloc(), call.xid(), record, walk, operation, refusal.status()));
      return;
    }
    ReplyOpener refused =
        isVoided
            ? new VoidedReply(operations, refusal.status())
            : new CutReply(operations, operation, refusal.status());
    Export export = exportOf(bench, walk, record);
    ReplyOpener first = corrected(bench, refused, null);
    ReplyOpener opener = bench.containment.reply(record, walk, export, bench.reached, first);
    ByteBuf shorter =
        isVoided
            ? VoidedOpen.call(record, walk, operations)
            : CutCall.cut(record, walk, operations);
    walkAgain(bench, i, call, record, shorter);
    finish(bench, i, call, shorter, bench.compoundExamination.squashing(), opener);
  }

  // From the back to the front, since what is changed moves what stands behind it: cut off,
  // verified, contained, squashed.
  private static void finish(
      Bench bench, int i, Call call, ByteBuf record, Squashing squashing, ReplyOpener opener) {
    CompoundWalk<Nfs4> walk = bench.compound;
    List<VerifiedStep> verified = bench.compoundExamination.verified();
    ByteBuf checked = record;
    if (!verified.isEmpty()) {
      checked = VerifiedCall.insert(record, walk, verified);
      walkAgain(bench, i, call, record, checked);
    }
    ByteBuf contained = bench.batch.replace(i, bench.containment.call(checked, walk));
    ByteBuf squashed =
        squashing == null
            ? contained
            : bench.batch.replace(i, bench.credential.squash(contained, squashing));
    bench.batch.forward(i, squashed, opener);
  }

  private static void walkAgain(Bench bench, int i, Call call, ByteBuf before, ByteBuf now) {
    bench.batch.replace(i, now);
    int argumentsBehind = call.argumentsAt() - before.readerIndex();
    bench.compound.walk(
        now, now.readerIndex() + argumentsBehind, now.writerIndex(), Integer.MAX_VALUE);
  }

  private static boolean isShortened(AllowedFlavors.Allowed list) {
    return list.flavors().size() < Security.values().length;
  }

  /** The reply as if the client's own operations had been executed, for whoever reads it then. */
  private static ReplyOpener corrected(Bench bench, ReplyOpener refused, ReplyOpener lesson) {
    CompoundExamination examination = bench.compoundExamination;
    boolean isVerified = !examination.verified().isEmpty();
    ReplyOpener opener = isVerified || lesson == null ? refused : lesson;
    if (!examination.overpromising().isEmpty()) {
      opener = new ReadOnlyAccess((BitSet) examination.overpromising().clone(), opener);
    }
    if (examination.flavors().stream().anyMatch(OpenCompounds::isShortened)) {
      opener = new AllowedFlavors(List.copyOf(examination.flavors()), opener);
    }
    if (isVerified) {
      List<VerifiedStep> steps = List.copyOf(examination.verified());
      List<Way> ways = new ArrayList<>(examination.ways());
      opener = new VerifiedCompound(bench.crossings, steps, ways, opener, lesson);
    }
    return opener;
  }

  // A handle nobody knows is learnt from the reply to the first call about it that says what it is,
  // as long as nothing depends on that: a slot's reply may be replayed to a call about another
  // handle. Where exports differ, what a reply says of the handles in itself is learnt: to ask
  // later would cost a call.
  private static ReplyOpener lessonOf(
      Bench bench, CompoundWalk<Nfs4> walk, ByteBuf record, Export export) {
    int put = firstPut(walk);
    boolean bringsHandle = false;
    boolean bringsAttributes = false;
    for (int i = 0; i < walk.count(); i++) {
      Nfs4 operation = walk.operation(i);
      bringsHandle |= operation.handlesOut() == HandlesOut.OBJECT;
      bringsAttributes |= operation.handlesOut() == HandlesOut.ATTRIBUTE;
    }
    boolean bringsChild = bringsHandle && bringsAttributes && !bench.rules.isUniform();
    boolean isUnknown = export == null && bringsAttributes && bench.rules.isUniform();
    if (!bringsChild && !isUnknown) {
      return null;
    }
    if (put < 0 || !isUnknown) {
      return bench.lesson;
    }
    Filehandle handle = Filehandle.copy(record, walk.handleAt(put), walk.handleLength(put));
    return new CompoundLesson(bench.exports, handle);
  }

  private static int firstPut(CompoundWalk<Nfs4> walk) {
    for (int i = 0; i < walk.count(); i++) {
      if (walk.operation(i).registers() == Registers.TO_ARGUMENT) {
        return i;
      }
    }
    return -1;
  }

  private static Export exportOf(Bench bench, CompoundWalk<Nfs4> walk, ByteBuf record) {
    Export found = bench.compoundExamination.put();
    int put = firstPut(walk);
    return found != null || put < 0
        ? found
        : bench.exports.find(record, walk.handleAt(put), walk.handleLength(put), NFS_VERSION);
  }
}
