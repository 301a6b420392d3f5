package org.nfsproxy.server.judge;

import io.netty.util.concurrent.FastThreadLocal;
import org.nfsproxy.nfs.edit.VerifiedReply;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.ReplyWalk;
import org.nfsproxy.rpc.Reply;

/** What one thread reuses from reply to reply. */
final class ReplyScratch {
  private static final FastThreadLocal<ReplyScratch> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected ReplyScratch initialValue() {
          return new ReplyScratch();
        }
      };

  final Reply header = new Reply();
  final ReplyWalk procedure = new ReplyWalk();
  final CompoundReading reading = new CompoundReading();
  final CompoundReplyWalk compound = new CompoundReplyWalk();
  final VerifiedReply verified = new VerifiedReply();

  private ReplyScratch() {}

  /** The one of the thread that asks. */
  static ReplyScratch mine() {
    return OF_THREAD.get();
  }
}
