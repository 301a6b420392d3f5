package org.nfsproxy.server.call;

import io.netty.buffer.ByteBuf;

/** Fills a batch and empties it, as a client's connection does. */
public final class Refills {
  private Refills() {}

  /**
   * Adds records, which stay the caller's.
   *
   * @param batch to be filled
   * @param records whole records, markers included
   */
  public static void fill(CallBatch batch, ByteBuf... records) {
    for (ByteBuf record : records) {
      batch.add(record.retain(), record.readableBytes());
    }
  }

  /**
   * Says that all records may be forwarded.
   *
   * @param batch that was judged
   * @return whether each of them was
   */
  public static boolean isForwarded(CallBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.verdict(i) != CallBatch.Verdict.FORWARD) {
        return false;
      }
    }
    return true;
  }

  /**
   * Empties a batch.
   *
   * @param batch that was judged
   */
  public static void clear(CallBatch batch) {
    batch.clear();
  }
}
