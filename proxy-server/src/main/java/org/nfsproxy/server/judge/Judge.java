package org.nfsproxy.server.judge;

import java.net.InetSocketAddress;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.listen.CallBatch;

/** Decides what becomes of calls. */
public final class Judge {
  /** temp */
  public void judge(CallBatch batch, InetSocketAddress client) {
    batch.readCalls();
    for (int i = 0; i < batch.size(); i++) {
      Call call = batch.call(i);
      batch.decide(
          i,
          switch (call.form()) {
            case CALL -> CallBatch.Verdict.FORWARD;
            case REPLY -> CallBatch.Verdict.CALLBACK_REPLY;
            default -> CallBatch.Verdict.CLOSE;
          });
    }
  }
}
