package org.nfsproxy.server.judge;

import io.netty.util.concurrent.FastThreadLocal;
import org.nfsproxy.nfs.CompoundReplyWalk;
import org.nfsproxy.nfs.ReplyWalk;
import org.nfsproxy.nfs.VerifiedReply;
import org.nfsproxy.rpc.Reply;

/** What one thread reuses from reply to reply. */
final class ReplyBench {
  private static final FastThreadLocal<ReplyBench> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected ReplyBench initialValue() {
          return new ReplyBench();
        }
      };

  final Reply header = new Reply();
  final ReplyWalk procedure = new ReplyWalk();
  final CompoundReading reading = new CompoundReading();
  final CompoundReplyWalk compound = new CompoundReplyWalk();
  final VerifiedReply verified = new VerifiedReply();

  private ReplyBench() {}

  /** The one of the thread that asks. */
  static ReplyBench mine() {
    return OF_THREAD.get();
  }
}
