package org.nfsproxy.server.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * A call that goes to the backend before its end has arrived.
 *
 * <pre>
 *  as it comes  | marker | header, arguments         | payload ...          | last bytes |
 *                                                    ^ from()               ^ to()
 *  as it goes   | marker'| header', the same arguments | payload ...        | last bytes |
 *               |&lt;------------- head() ---------------&gt;|
 * </pre>
 */
// The backend executes nothing before the last bytes have come, and those leave when the record was
// judged whole; all of it but the payload, at which no judge looks. What was sent must be what was
// judged then: if it is not, because something behind the payload is refused or rules have changed,
// the rest is not sent, and the connection ends. So nothing depends on how good a guess it was to
// begin.
public final class StreamedCall {
  private final ByteBuf head;
  private final int bytes;
  private final int from;
  private final int to;

  /**
   * A call that begins.
   *
   * @param head what is sent first, with the marker of all that is sent; now this object's
   * @param bytes how long the record is that is sent, marker included
   * @param from index in the client's record of the first byte behind the head
   * @param to index in the client's record of the first byte that is kept until all is judged
   */
  public StreamedCall(ByteBuf head, int bytes, int from, int to) {
    this.head = head;
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  /**
   * What is sent first.
   *
   * @return the bytes; stay this object's
   */
  public ByteBuf head() {
    return head;
  }

  /**
   * Where the bytes begin that are sent as they arrive.
   *
   * @return index in the client's record
   */
  public int from() {
    return from;
  }

  /**
   * Where they end.
   *
   * @return index in the client's record
   */
  public int to() {
    return to;
  }

  /**
   * How many bytes are sent as they arrive.
   *
   * @return 0 or more
   */
  public int bytesHandedOn() {
    return to - from;
  }

  /**
   * Whether a record, judged whole and perhaps changed by that, is the one that was begun.
   *
   * @param judged the record; stays the caller's
   * @return false if what was sent of it is not what was judged
   */
  public boolean isOf(ByteBuf judged) {
    int headBytes = head.readableBytes();
    return judged.readableBytes() == bytes
        && ByteBufUtil.equals(head, head.readerIndex(), judged, judged.readerIndex(), headBytes);
  }

  /**
   * What is left to send of the record.
   *
   * @param judged the record, of which {@link #isOf} is true; stays the caller's
   * @return its last bytes; the caller's
   */
  public ByteBuf rest(ByteBuf judged) {
    int sent = head.readableBytes() + bytesHandedOn();
    return judged.retainedSlice(judged.readerIndex() + sent, bytes - sent);
  }

  /** Gives the memory back. */
  public void release() {
    head.release();
  }
}
