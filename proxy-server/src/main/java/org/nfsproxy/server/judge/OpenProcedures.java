package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.nfsproxy.nfs.ArgumentsWalk;
import org.nfsproxy.nfs.HandlesOut;
import org.nfsproxy.nfs.Procedure;
import org.nfsproxy.nfs.RefusedReply;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.CompoundExamination.Result;
import org.nfsproxy.server.listen.CallBatch.Verdict;
import org.nfsproxy.server.listen.ReplyOpener;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Squashing;

/** Calls of NFSv2, NFSv3, NFS_ACL and MOUNT in the clear, once their arguments are known whole. */
final class OpenProcedures {
  private OpenProcedures() {}

  static void decide(Bench bench, int i, Procedure procedure, Call call, ByteBuf record) {
    Family family = Family.of(call.program(), call.version());
    Caller caller = bench.caller(versionOf(family));
    ProcedureExamination examination = bench.procedureExamination;
    Result result =
        examination.examine(
            procedure, bench.arguments, record, family, bench.rules, caller, bench.questions);
    switch (result) {
      case ASKING -> {}
      case SILENCE -> bench.batch.decide(i, Verdict.RETRY);
      case REFUSED -> refuse(bench, i, procedure, call, record);
      case ALLOWED -> {
        ReplyOpener opener = openerOf(bench, procedure, family, caller, record);
        Squashing squashing = examination.squashing();
        ByteBuf squashed =
            squashing == null ? record : bench.batch.replace(i, squashed(bench, record, squashing));
        bench.batch.forward(i, squashed, opener);
      }
    }
  }

  private static ByteBuf squashed(Bench bench, ByteBuf record, Squashing squashing) {
    return bench.credential.squash(record, squashing);
  }

  private static void refuse(Bench bench, int i, Procedure procedure, Call call, ByteBuf record) {
    Refusal refusal = bench.procedureExamination.refusal();
    bench.countRefusal(refusal.export());
    bench.batch.answer(
        i, RefusedReply.procedure(record.alloc(), call.xid(), procedure, refusal.status()));
  }

  private static NfsVersion versionOf(Family family) {
    return family == Family.NFS2 || family == Family.MOUNT1 ? NfsVersion.V2 : NfsVersion.V3;
  }

  private static ReplyOpener openerOf(
      Bench bench, Procedure procedure, Family family, Caller caller, ByteBuf record) {
    ArgumentsWalk walk = bench.arguments;
    if (procedure.handlesOut() == HandlesOut.PATHS) {
      return new MountReply(procedure, bench.rules, caller, null);
    }
    if (procedure.handlesOut() == HandlesOut.ROOT) {
      String path = record.toString(walk.nameAt(0), walk.nameLength(0), StandardCharsets.UTF_8);
      return new MountReply(procedure, bench.rules, caller, path);
    }
    int version = family == Family.NFS2 ? 2 : 3;
    if (walk.handles() == 0) {
      return null;
    }
    Export found = bench.procedureExamination.found();
    Export export =
        found == null
            ? bench.exports.find(record, walk.handleAt(0), walk.handleLength(0), version)
            : found;
    bench.countCall(export);
    // A listing is long, and passes as it arrives unless exports differ: then every handle in it
    // saves a question.
    boolean isListing = procedure.handlesOut() == HandlesOut.ENTRIES;
    boolean teaches =
        bench.rules.isUniform()
            ? export == null && !isListing
            : export == null || procedure.handlesOut() != HandlesOut.IDENTITY;
    if (!teaches || procedure.handlesOut() == HandlesOut.NOTHING) {
      return null;
    }
    return new ProcedureLesson(bench.exports, procedure, version, export, walk, record);
  }
}
