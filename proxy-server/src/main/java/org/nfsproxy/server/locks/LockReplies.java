package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.function.Consumer;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.AuthStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.xdr.XdrWriter;

/** Replies to calls of NLM and NSM, as whole records with marker. */
final class LockReplies {
  private static final UnpooledByteBufAllocator ALLOC = UnpooledByteBufAllocator.DEFAULT;

  private LockReplies() {}

  static byte[] success(Call call, Consumer<XdrWriter> results) {
    ByteBuf reply = Replies.beginSuccess(ALLOC, call.xid());
    results.accept(new XdrWriter(reply));
    return bytes(Replies.finish(reply));
  }

  static byte[] accepted(Call call, AcceptStatus status, int... words) {
    return bytes(Replies.accepted(ALLOC, call.xid(), status, words));
  }

  static byte[] denied(Call call) {
    return bytes(Replies.authError(ALLOC, call.xid(), AuthStatus.AUTH_BADCRED));
  }

  static byte[] rpcMismatch(Call call) {
    return bytes(Replies.rpcMismatch(ALLOC, call.xid()));
  }

  private static byte[] bytes(ByteBuf reply) {
    byte[] bytes = ByteBufUtil.getBytes(reply);
    reply.release();
    return bytes;
  }
}
