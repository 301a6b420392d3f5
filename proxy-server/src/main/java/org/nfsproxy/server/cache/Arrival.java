package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;

/** Takes what a source brings of one range. Called on any thread, by one at a time. */
public interface Arrival {
  /**
   * Bytes of the range, in any order.
   *
   * @param offset where they are in the file
   * @param bytes what was proven to be there; stays the caller's
   */
  void arrived(long offset, ByteBuf bytes);

  /** Nothing more comes. Said once, also if not all has come. */
  void ended();
}
