package org.nfsproxy.server.locks.listen;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Answers calls of NLM and NSM. */
@FunctionalInterface
public interface LockCalls {
  /**
   * Takes a call.
   *
   * @param record the whole record, marker included; a heap buffer that is the callee's
   * @param reply is given the reply, a whole record with marker, at once or later, at most once;
   *     without one the caller asks again
   * @return false if it is no call, so that its sender need not be listened to any more
   */
  boolean call(LockCaller caller, ByteBuf record, Consumer<byte[]> reply);
}
