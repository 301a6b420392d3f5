package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.server.listen.CallBatch.Verdict;
import org.nfsproxy.server.policy.Decision;

/** Calls under RPCSEC_GSS: forwarded as they are, or denied; never edited, never answered. */
// The NULL procedure makes and ends contexts. It touches no file.
final class SealedCalls {
  private static final int NULL = 0;

  private SealedCalls() {}

  static void decide(Bench bench, int i, Call call, ByteBuf record) {
    boolean isForwarded =
        call.procedure() == NULL
            || call.program() == Programs.MOUNT
            || Decision.ofUnseen(
                    bench.rules.ofUnseen(),
                    bench.caller(null).comparable(),
                    bench.credential.security(),
                    call.version())
                == Decision.ALLOWED;
    if (isForwarded) {
      bench.batch.decide(i, Verdict.FORWARD);
    } else {
      bench.batch.answer(i, Replies.authError(record.alloc(), call.xid(), Decision.DENIED));
    }
  }
}
