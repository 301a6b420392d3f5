package org.nfsproxy.server.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

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
      batch.add(record, record.readableBytes());
    }
    return batch;
  }

  /**
   * A batch with the beginning of a record.
   *
   * @param beginning as long as the record, blank where nothing has arrived; now the batch's
   * @param there how much of it has arrived, without the marker
   * @return the batch; to be {@linkplain #clear cleared}
   */
  public static CallBatch beginning(ByteBuf beginning, int there) {
    CallBatch batch = new CallBatch();
    batch.addBeginning(beginning, there);
    return batch;
  }

  /**
   * What is sent of a call that begins.
   *
   * @param streamed the call
   * @return its first bytes, and then the indices in the client's record of the first byte behind
   *     them and of the first that is kept to the end
   */
  public static Object[] streamed(StreamedCall streamed) {
    return new Object[] {ByteBufUtil.getBytes(streamed.head()), streamed.from(), streamed.to()};
  }

  /**
   * Takes what is sent of a call that begins.
   *
   * @param batch the batch
   * @return null if there is none
   */
  public static StreamedCall takeStreamed(CallBatch batch) {
    return batch.takeStreamed();
  }

  /**
   * Whether what was judged whole is what was begun.
   *
   * @param streamed the call
   * @param judged the whole record as it would be sent
   * @return whether the rest may be sent
   */
  public static boolean isOf(StreamedCall streamed, byte[] judged) {
    return streamed.isOf(Unpooled.wrappedBuffer(judged));
  }

  /**
   * Gives a call that begins back.
   *
   * @param streamed the call
   */
  public static void release(StreamedCall streamed) {
    streamed.release();
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
