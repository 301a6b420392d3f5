package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.Parameters;

/** Calls under RPCSEC_GSS: forwarded as they are, or denied; never edited, never answered. */
// MOUNT too: nobody here could take an export out of its lists, or judge the handle that MNT gives.
// Clients mount with AUTH_SYS or AUTH_NONE what they then use with Kerberos.
//
// The NULL procedure makes and ends contexts. It touches no file.
final class GssCalls {
  private static final int NULL = 0;

  private GssCalls() {}

  static void decide(JudgeScratch scratch, int i, Call call, ByteBuf record) {
    CallNotes.sealed(scratch.summary, call, scratch.credential, record);
    if (call.procedure() == NULL || decision(scratch, call) == Decision.ALLOWED) {
      scratch.batch.decide(i, Verdict.FORWARD);
    } else {
      scratch.refused(
          scratch.caller(null),
          Refusal.by(Decision.OPAQUE, 0, 0, null),
          null,
          () -> "a call under Kerberos, " + Asked.of(call),
          () -> CallNotes.sealed(call),
          call,
          record);
      scratch.batch.answer(i, Replies.authError(record.alloc(), call.xid(), Decision.DENIED));
    }
  }

  private static Decision decision(JudgeScratch scratch, Call call) {
    Parameters unseen = scratch.rules.ofUnseen();
    Caller caller = scratch.caller(null);
    return call.program() == Programs.MOUNT
        ? Decision.ofUnseenMount(unseen, caller.peer())
        : Decision.ofUnseen(unseen, caller.peer(), caller.security(), call.version());
  }
}
