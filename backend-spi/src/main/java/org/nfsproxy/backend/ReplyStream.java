package org.nfsproxy.backend;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.rpc.Call;

/**
 * A byte stream of records from one source towards a client: replies, and callbacks (from NFSv4.1
 * on). Used on the client connection's event loop only.
 */
public interface ReplyStream {
  /**
   * More of the stream, cut anywhere.
   *
   * @param bytes record markers and messages as they arrived; now the stream's
   */
  void write(ByteBuf bytes);

  /**
   * Announces a call that goes to this source now; its reply will come on this stream. A reply that
   * was not announced is dropped. No two calls of one xid are carried at once: the second is, when
   * the first has its reply.
   *
   * @param call the header; valid during this method only
   */
  void expect(Call call);

  /** Says that no more bytes of this batch follow: what was held back should leave now. */
  void flush();

  /**
   * Calls that were sent to this source and have no reply yet.
   *
   * @return how many
   */
  int callsInFlight();

  /** The source has ended; nothing is written after it. */
  void end();
}
