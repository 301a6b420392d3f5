package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;

/** Lets tests of a judge fill a batch and read what became of it, as a client's connection does. */
public final class CallBatches {
  private CallBatches() {}

  /**
   * A batch.
   *
   * @param records whole records, markers included; now the batch's
   * @return the batch; to be {@linkplain #clear cleared}
   */
  public static CallBatch of(ByteBuf... records) {
    CallBatch batch = new CallBatch();
    for (ByteBuf record : records) {
      batch.add(record);
    }
    return batch;
  }

  /**
   * What became of a record.
   *
   * @param batch the batch
   * @param i which, from 0
   * @return null if it is not decided
   */
  public static CallBatch.Verdict verdict(CallBatch batch, int i) {
    return batch.verdict(i);
  }

  /**
   * What opens the reply to a call.
   *
   * @param batch the batch
   * @param i which, from 0
   * @return null if nothing does
   */
  public static ReplyOpener opener(CallBatch batch, int i) {
    return batch.opener(i);
  }

  /**
   * Takes an answer out.
   *
   * @param batch the batch
   * @param i which, from 0
   * @return the answer's record, now the caller's; null if there is none
   */
  public static ByteBuf takeAnswer(CallBatch batch, int i) {
    return batch.takeAnswer(i);
  }

  /**
   * Releases what a batch still holds.
   *
   * @param batch the batch
   */
  public static void clear(CallBatch batch) {
    batch.clear();
  }
}
