package org.nfsproxy.backend;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.rpc.Call;

/**
 * What a backend holds for one client connection. Used on that connection's event loop only, and
 * never blocks it.
 */
public interface BackendSession {
  /**
   * Carries a call. Its reply goes to a {@link ReplyStream}, in whatever order.
   *
   * @param call the header; valid during this method only
   * @param record the whole record, marker included, as a single fragment; now the session's
   */
  void call(Call call, ByteBuf record);

  /**
   * Begins to carry a call whose end has not arrived. If this says yes, {@link #more} follows any
   * number of times, then {@link #end}, and nothing else in between; or {@link #close}, and then
   * the call must not be executed.
   *
   * @param call the header, with indices into {@code head}; its end lies behind it. Valid during
   *     this method only
   * @param head the record's first bytes, with the marker of the whole record as a single fragment;
   *     now the session's if it says yes
   * @return whether it takes the call so; if not, it gets it whole later
   */
  default boolean begin(Call call, ByteBuf head) {
    return false;
  }

  /**
   * Carries further bytes of the call that has begun.
   *
   * @param bytes in the order of the record, but not its last ones; now the session's
   */
  default void more(ByteBuf bytes) {
    throw new IllegalStateException("no call has begun");
  }

  /**
   * Carries the last bytes of the call that has begun.
   *
   * @param call the header; valid during this method only
   * @param rest the record's last bytes, at least one; now the session's
   */
  default void end(Call call, ByteBuf rest) {
    throw new IllegalStateException("no call has begun");
  }

  /** Says that no further call of this batch follows: what was held back should leave now. */
  void flush();

  /**
   * Carries a client's reply to a callback.
   *
   * @param stream the stream whose callback is answered
   * @param record the whole record, marker included; now the session's
   */
  void callbackReply(ReplyStream stream, ByteBuf record);

  /**
   * The port that this client's calls leave from, for an administrator who looks for the client at
   * the origin. May be asked on any thread, and then be a moment old.
   *
   * @return the TCP port; 0 if there is none, or none yet
   */
  default int originPort() {
    return 0;
  }

  /** Gives everything back. Calls in flight get no reply. No method is called after it. */
  void close();
}
