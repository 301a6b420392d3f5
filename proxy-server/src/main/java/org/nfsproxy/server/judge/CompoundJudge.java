package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.edit.CutCall;
import org.nfsproxy.nfs.edit.ReadDelegations;
import org.nfsproxy.nfs.edit.RefusedReply;
import org.nfsproxy.nfs.edit.VerifiedCall;
import org.nfsproxy.nfs.edit.VerifiedStep;
import org.nfsproxy.nfs.edit.VoidedOpen;
import org.nfsproxy.nfs.table.HandlesOut;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Registers;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.cache.CachedReads;
import org.nfsproxy.server.cache.Heard;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.CompoundExamination.Result;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squashing;

/**
 * COMPOUNDs in the clear, once every operation of them is known. One for each worker, which judges
 * one call after the other.
 */
final class CompoundJudge {
  private static final int NFS_VERSION = 4;
  private static final int NONE = -1;
  private static final NfsVersion NEWEST = NfsVersion.V4_2;

  private final JudgeScratch scratch;
  private final CompoundExamination examination;
  private final CompoundWalk<Nfs4> walk;
  private int i;
  private Call call = new Call();
  private ByteBuf record = Unpooled.EMPTY_BUFFER;
  private int cachedRead = NONE;
  private Heard heard = Heard.NOTHING;

  CompoundJudge(JudgeScratch scratch, CompoundExamination examination) {
    this.scratch = scratch;
    this.examination = examination;
    this.walk = scratch.compound;
  }

  private void begin(int i, Call call, ByteBuf record) {
    this.i = i;
    this.call = call;
    this.record = record;
    this.cachedRead = NONE;
    this.heard = Heard.NOTHING;
  }

  /** Decides about the call with this number in the batch, whose arguments the walk has read. */
  void decide(int i, Call call, ByteBuf record) {
    begin(i, call, record);
    switch (examine()) {
      case ASKING -> {}
      case SILENCE -> scratch.batch.decide(i, Verdict.RETRY);
      case REFUSED -> refuse(examination.refusal());
      case ALLOWED -> {
        if (!isAskingAboutRead()) {
          forward(examination.squashing());
        }
      }
    }
  }

  /**
   * Finds the READ that goes through the cache; true if it is not known yet whether it does, or
   * other instances have not said whether they have its data.
   */
  private boolean isAskingAboutRead() {
    CachedReads reads = scratch.reads;
    if (reads == null) {
      return false;
    }
    int read = reads.find(walk, record);
    if (read < 0) {
      return false;
    }
    int put = read - 1;
    Keeping keeping =
        Keeping.of(scratch, record, walk.handleAt(put), walk.handleLength(put), NFS_VERSION);
    if (keeping != Keeping.KEPT) {
      return keeping == Keeping.ASKING;
    }
    cachedRead = read;
    Heard said = scratch.heard(i, () -> reads.ask(walk, record, read));
    heard = said == null ? Heard.NOTHING : said;
    return said == null;
  }

  /**
   * A COMPOUND with an operation that has no row: those before it are judged, and if they are
   * allowed it is refused as one that nobody knows (RFC 8881 section 15.2). Where nothing is
   * forbidden anywhere, delegations neither, the origin may say so.
   */
  void decideUnknown(int i, Call call, ByteBuf record, boolean mayForward) {
    begin(i, call, record);
    switch (examine()) {
      case ASKING -> {}
      case SILENCE -> scratch.batch.decide(i, Verdict.RETRY);
      case REFUSED -> refuse(examination.refusal());
      case ALLOWED -> {
        int minor = walk.minorVersion();
        if (mayForward && allowsAll(NfsVersion.of(NFS_VERSION, minor))) {
          forward(scratch.rules.root().squashing());
        } else {
          refuse(new Refusal(walk.count(), NfsStatus.OP_ILLEGAL, null, Refused.UNKNOWN_OPERATIONS));
        }
      }
    }
  }

  /**
   * A COMPOUND of a minor version that nobody here knows, none of whose operations can be read.
   *
   * @return false if it must not be forwarded
   */
  boolean decideUnknownMinor(int i, Call call, ByteBuf record) {
    begin(i, call, record);
    Set<NfsVersion> versions = scratch.rules.root().versions();
    boolean isAllowed = versions.size() == NfsVersion.values().length && allowsAll(NEWEST);
    if (isAllowed) {
      examine();
      forward(scratch.rules.root().squashing());
    }
    return isAllowed;
  }

  /** Whether nothing is refused to this caller, wherever it acts. */
  private boolean allowsAll(@Nullable NfsVersion version) {
    return !keepsData() && CompoundExamination.allowsAll(scratch.rules, scratch.caller(version));
  }

  /**
   * Whether data of some export are kept, so that nobody may have a delegation to write.
   *
   * @return by the rules alone, wherever a file is: a retry has to be the same call
   */
  private boolean keepsData() {
    return scratch.reads != null && scratch.rules.cachesSomewhere();
  }

  private Result examine() {
    Caller caller = scratch.caller(NfsVersion.of(NFS_VERSION, walk.minorVersion()));
    return examination.examine(record, scratch.rules, caller, scratch.lookups);
  }

  private void forward(@Nullable Squashing squashing) {
    Export export = exportOf();
    if (export != null || firstPut() >= 0) {
      scratch.countCall(export);
    }
    ReplyOpener first = corrected(null, learnerOf(export));
    ReplyOpener opener = scratch.containment.reply(record, walk, export, scratch.reached, first);
    finishRead(squashing, opener);
  }

  // A COMPOUND that only puts a handle and reads has no step that could be verified.
  private void finishRead(@Nullable Squashing squashing, ReplyOpener opener) {
    CachedReads reads = scratch.reads;
    if (reads == null || cachedRead == NONE) {
      finish(record, squashing, opener);
      return;
    }
    ReplyOpener cached = reads.opener(walk, record, cachedRead, scratch.counted, heard, opener);
    ByteBuf asking = CachedReads.asking(cached, record, walk);
    walkAgain(record, asking);
    finish(asking, squashing, cached);
  }

  private void refuse(Refusal refusal) {
    int operations = refusal.operation();
    Nfs4 operation = operations < walk.count() ? walk.operation(operations) : Nfs4.ILLEGAL;
    Caller caller = scratch.caller(NfsVersion.of(NFS_VERSION, walk.minorVersion()));
    scratch.refused(
        caller,
        refusal,
        null,
        () -> Asked.of(walk, operations, record),
        () -> CallNotes.operation(walk, operations, record),
        call,
        record);
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
    Export export = exportOf();
    ReplyOpener first = corrected(refused, null);
    ReplyOpener opener = scratch.containment.reply(record, walk, export, scratch.reached, first);
    ByteBuf shorter =
        isVoided
            ? VoidedOpen.call(record, walk, operations)
            : CutCall.cut(record, walk, operations);
    walkAgain(record, shorter);
    finish(shorter, examination.squashing(), opener);
  }

  // From the back to the front, since what is changed moves what stands behind it: cut off,
  // verified, contained, squashed.
  private void finish(ByteBuf now, @Nullable Squashing squashing, @Nullable ReplyOpener opener) {
    if (keepsData()) {
      ReadDelegations.only(now, walk);
    }
    List<VerifiedStep> verified = examination.verified();
    ByteBuf checked = now;
    if (!verified.isEmpty()) {
      checked = VerifiedCall.insert(now, walk, verified);
      walkAgain(now, checked);
    }
    ByteBuf contained = scratch.batch.replace(i, scratch.containment.call(checked, walk));
    ByteBuf squashed =
        squashing == null
            ? contained
            : scratch.batch.replace(i, scratch.credential.squash(contained, squashing));
    CachedReads.leaves(opener, squashed);
    scratch.batch.forward(i, squashed, opener);
  }

  private void walkAgain(ByteBuf before, ByteBuf now) {
    scratch.batch.replace(i, now);
    int argumentsBehind = call.argumentsAt() - before.readerIndex();
    walk.walk(now, now.readerIndex() + argumentsBehind, now.writerIndex(), Integer.MAX_VALUE);
  }

  private static boolean isShortened(AllowedFlavors.Allowed list) {
    return list.flavors().size() < Security.values().length;
  }

  /** The reply as if the client's own operations had been executed, for whoever reads it then. */
  private @Nullable ReplyOpener corrected(
      @Nullable ReplyOpener refused, @Nullable ReplyOpener learner) {
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

  // In NFSv4.0 an owner's operation may be answered out of its replay cache with the results of
  // another operation (Linux: nfsd4_encode_replay). What stands behind it is then read at the wrong
  // place, and may be bytes of a file. So outside a session nothing is learnt behind two of them,
  // and behind one only from a reply that can be read in one way.
  //
  // A handle nobody knows is learnt from the reply to the first call about it that says what it is,
  // as long as nothing depends on that: a slot's reply may be replayed to a call about another
  // handle. Where exports differ, what a reply says of the handles in itself is learnt: to ask
  // later would cost a call. Where calls are counted, what OPEN and CREATE say is too, since a READ
  // that follows tells nothing. From LOOKUP as well it made that dearer by a tenth.
  private @Nullable ReplyOpener learnerOf(@Nullable Export export) {
    int put = firstPut();
    boolean bringsHandle = false;
    boolean bringsAttributes = false;
    boolean opens = false;
    int replayable = 0;
    for (int at = 0; at < walk.count(); at++) {
      Nfs4 operation = walk.operation(at);
      Registers registers = operation.registers();
      replayable += operation.isOfOwner() && !walk.isInSession() ? 1 : 0;
      opens |= registers == Registers.TO_OPENED || registers == Registers.TO_CREATED;
      bringsHandle |= operation.handlesOut() == HandlesOut.OBJECT;
      bringsAttributes |= operation.handlesOut() == HandlesOut.ATTRIBUTE;
    }
    boolean isOfInterest = scratch.rules.placesMatter() || opens && scratch.summary != null;
    boolean bringsChild = bringsHandle && bringsAttributes && isOfInterest;
    boolean isUnknown = export == null && bringsAttributes && !scratch.rules.placesMatter();
    if (!bringsChild && !isUnknown || replayable > 1) {
      return null;
    }
    if (put < 0 || !isUnknown) {
      return replayable == 0 ? scratch.learner : scratch.learnerBehindOwner;
    }
    Filehandle handle = Filehandle.copy(record, walk.handleAt(put), walk.handleLength(put));
    return new CompoundReplyLearner(scratch.exports, handle, replayable != 0, scratch.summary);
  }

  private int firstPut() {
    for (int at = 0; at < walk.count(); at++) {
      if (walk.operation(at).registers() == Registers.TO_ARGUMENT) {
        return at;
      }
    }
    return -1;
  }

  private @Nullable Export exportOf() {
    Export found = examination.put();
    int put = firstPut();
    return found != null || put < 0
        ? found
        : scratch.exports.likely(record, walk.handleAt(put), walk.handleLength(put), NFS_VERSION);
  }
}
