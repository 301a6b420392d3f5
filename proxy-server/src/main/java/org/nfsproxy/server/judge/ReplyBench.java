package org.nfsproxy.server.judge;

import io.netty.util.concurrent.FastThreadLocal;
import org.nfsproxy.nfs.AttributeWalk;
import org.nfsproxy.nfs.CompoundReplyWalk;
import org.nfsproxy.nfs.ReplyWalk;
import org.nfsproxy.rpc.Reply;

/** What one worker reuses from reply to reply. */
// A walk over a COMPOUND's reply has 2 KiB of columns: with differing exports that would be 2 KiB
// for every LOOKUP.
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
  final CompoundReplyWalk compound = new CompoundReplyWalk();
  final AttributeWalk attributes = new AttributeWalk();

  private ReplyBench() {}

  /** The one of the thread that asks. */
  static ReplyBench mine() {
    return OF_THREAD.get();
  }
}
