package org.nfsproxy.server.call;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a judge wants with the reply to a call that it let pass. Most calls have none. */
@FunctionalInterface
public interface ReplyOpener {
  /**
   * Reads the reply, and may change it. Runs on a worker.
   *
   * @param record the whole record, marker included, as one fragment; now the opener's, unless this
   *     throws: then it is still the caller's
   * @return the record for the client, the same or another; now the caller's
   */
  ByteBuf open(ByteBuf record);

  /**
   * Whether it depends on a reply's status whether this opens it. Opening one costs a hop to a
   * worker and back; asking for its status costs next to nothing.
   *
   * @return false: all replies are opened
   */
  default boolean goesByStatus() {
    return false;
  }

  /**
   * Whether it opens a reply with a status, if it {@linkplain #goesByStatus goes by} that. Called
   * on the event loop. Replies without results are not opened then, and replies whose verifier
   * hides where the status stands are.
   *
   * @param status the first word of the results
   * @return true to open it
   */
  default boolean opens(int status) {
    return true;
  }

  /**
   * Reads a short reply on its way, where that is all this wants with it. Called on the event loop,
   * so what takes longer than the reply is short is left to {@link #open}: to make it longer or
   * shorter, to wait for somebody, to ask a question.
   *
   * @param bytes what has arrived, the whole record in it as one fragment; stays the caller's.
   *     Words of the record may be changed where they are, if the buffer can be written
   * @param from index of the record's marker
   * @param to index behind the record's last byte
   * @return true if the reply may pass as it is; false if it is to be opened, which may read it
   *     again
   */
  default boolean readsInPassing(ByteBuf bytes, int from, int to) {
    return false;
  }

  /**
   * Whether the client's reply may be far longer than the origin's. Such a reply is opened when the
   * client has room for it: until then it is kept as it is.
   *
   * @return false: the client's is about as long
   */
  default boolean isToGrow() {
    return false;
  }

  /**
   * Opens a short reply on the event loop, if what has to be changed in it takes no longer than the
   * reply is short, and nobody has to be waited for or asked.
   *
   * @param record as for {@link #open}
   * @return the record for the client, now the caller's; or null, or an exception, and the record
   *     is still the caller's, as it was, and for a worker
   */
  default @Nullable ByteBuf openAtOnce(ByteBuf record) {
    return null;
  }

  /**
   * Whether something that it needs to open a reply is on its way, if the reply {@linkplain
   * #isToGrow is to grow}. Called on the event loop, and again each time that {@code ready} was
   * run.
   *
   * @param record as for {@link #open}; stays the caller's
   * @param ready is run when something has come, at most once for each call of this, on any thread
   * @return how many nanoseconds it waits at most; 0 to be opened now, and {@code ready} is not run
   */
  default long waits(ByteBuf record, Runnable ready) {
    return 0;
  }

  /**
   * Says that the reply does not come, or not soon: its connection has gone, or its client takes
   * nothing of what it is sent. Called on the event loop, perhaps more than once; the reply may
   * come after all.
   *
   * @param hasGone whether the connection has
   */
  default void isNotComing(boolean hasGone) {}
}
