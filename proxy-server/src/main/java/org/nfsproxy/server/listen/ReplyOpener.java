package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;

/** What a judge wants with the reply to a call that it let pass. Most calls have none. */
@FunctionalInterface
public interface ReplyOpener {
  /**
   * Reads the reply, and may change it. Runs on a worker.
   *
   * @param record the whole record, marker included, as one fragment; now the opener's
   * @return the record for the client, the same or another; now the caller's
   */
  ByteBuf open(ByteBuf record);
}
