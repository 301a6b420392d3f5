package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.CompoundWalk;
import org.nfsproxy.nfs.CutCall;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.HandlesOut;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.nfs.RefusedReply;
import org.nfsproxy.nfs.Registers;
import org.nfsproxy.nfs.VoidedOpen;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.CompoundExamination.Result;
import org.nfsproxy.server.listen.CallBatch.Verdict;
import org.nfsproxy.server.listen.ReplyOpener;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Squashing;

/** COMPOUNDs in the clear, once every operation of them is known. */
final class OpenCompounds {
  private static final int NFS_VERSION = 4;

  private OpenCompounds() {}

  static void decide(Bench bench, int i, Call call, ByteBuf record) {
    CompoundWalk<Nfs4> walk = bench.compound;
    Caller caller = bench.caller(NfsVersion.of(NFS_VERSION, walk.minorVersion()));
    CompoundExamination examination = bench.compoundExamination;
    Result result = examination.examine(walk, record, bench.rules, caller, bench.questions);
    switch (result) {
      case ASKING -> {}
      case SILENCE -> bench.batch.decide(i, Verdict.RETRY);
      case REFUSED -> refuse(bench, i, call, record);
      case ALLOWED -> {
        Export export = exportOf(bench, walk, record);
        bench.countCall(export);
        ReplyOpener lesson = lessonOf(bench, walk, record, export);
        ReplyOpener opener = bench.containment.reply(record, walk, export, bench.reached, lesson);
        ByteBuf contained = bench.batch.replace(i, bench.containment.call(record, walk));
        bench.batch.forward(i, squashed(bench, i, contained), opener);
      }
    }
  }

  private static void refuse(Bench bench, int i, Call call, ByteBuf record) {
    CompoundWalk<Nfs4> walk = bench.compound;
    Refusal refusal = bench.compoundExamination.refusal();
    bench.countRefusal(refusal.export());
    if (!bench.isTrial && bench.containment.refuses(walk, refusal.operation())) {
      bench.containment.countRefused(walk.operation(refusal.operation()));
    }
    if (VoidedOpen.fits(walk, refusal.operation())) {
      ByteBuf voided = bench.batch.replace(i, VoidedOpen.call(record, walk, refusal.operation()));
      ReplyOpener opener = new VoidedReply(refusal.operation(), refusal.status());
      bench.batch.forward(i, squashed(bench, i, voided), opener);
      return;
    }
    Nfs4 operation = walk.operation(refusal.operation());
    if (refusal.operation() == 0) {
      bench.batch.answer(
          i,
          RefusedReply.compound(
              record.alloc(), call.xid(), record, walk, operation, refusal.status()));
      return;
    }
    ReplyOpener completion = new CutReply(refusal.operation(), operation, refusal.status());
    Export export = exportOf(bench, walk, record);
    ReplyOpener opener = bench.containment.reply(record, walk, export, bench.reached, completion);
    // From the back to the front, since what is changed moves what stands behind it: cut off,
    // contained, squashed.
    int operations = refusal.operation();
    int argumentsBehind = call.argumentsAt() - record.readerIndex();
    ByteBuf cut = bench.batch.replace(i, CutCall.cut(record, walk, operations));
    walk.walk(cut, cut.readerIndex() + argumentsBehind, cut.writerIndex(), operations);
    ByteBuf contained = bench.batch.replace(i, bench.containment.call(cut, walk));
    bench.batch.forward(i, squashed(bench, i, contained), opener);
  }

  private static ByteBuf squashed(Bench bench, int i, ByteBuf record) {
    Squashing squashing = bench.compoundExamination.squashing();
    return squashing == null
        ? record
        : bench.batch.replace(i, bench.credential.squash(record, squashing));
  }

  // A handle nobody knows is learnt from the reply to the first call about it that says what it is.
  // Where exports differ, so are those that replies bring: to ask later would cost a call.
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
    boolean isUnknown = export == null && bringsAttributes;
    if (!bringsChild && !isUnknown) {
      return null;
    }
    if (put < 0 || export != null) {
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
