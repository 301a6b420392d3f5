package org.nfsproxy.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Follows the records of TLS as they arrive (RFC 8446 section 5.1), in front of the engine. Used on
 * the connection's event loop.
 */
// Netty's SslHandler keeps a record until it is whole, without a bound of time, and whatever length
// it announces, which may be four times what a record can have. The bounds of calls do not see it:
// to them nothing has come.
public final class TlsRecords extends ChannelInboundHandlerAdapter {
  private static final int HEADER_BYTES = 5;

  /** Of what a record holds 2^14 bytes, and what sealing adds: RFC 8446 section 5.2. */
  private static final int LENGTH_MAX = (1 << 14) + 256;

  private final Consumer<String> tooLong;
  private final BooleanSupplier isEstablished;
  private int headerBytes;
  private int length;
  private int missing;
  private long records;
  private long recordsSeen;
  private long insideSecond;

  /**
   * For a connection of which nothing of TLS has arrived.
   *
   * @param tooLong is told of a record that cannot be one, and closes the connection
   * @param isEstablished whether the handshake is over; its own bounds hold until then, and the
   *     engine says what is wrong
   */
  public TlsRecords(Consumer<String> tooLong, BooleanSupplier isEstablished) {
    this.tooLong = tooLong;
    this.isEstablished = isEstablished;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isWithinBounds((ByteBuf) message)) {
      context.fireChannelRead(message);
    } else {
      ((ByteBuf) message).release();
      tooLong.accept("a record of TLS of " + length + " bytes, at most " + LENGTH_MAX);
    }
  }

  private boolean isWithinBounds(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (headerBytes < HEADER_BYTES) {
        headerBytes++;
        length = length << 8 & 0xffff | bytes.getByte(at++) & 0xff;
        missing = length;
        if (headerBytes == HEADER_BYTES && isTooLong()) {
          return false;
        }
      } else if (isTooLong()) { // its header came with the end of the handshake
        return false;
      } else {
        int more = Math.min(missing, end - at);
        at += more;
        missing -= more;
      }
      if (headerBytes == HEADER_BYTES && missing == 0) {
        headerBytes = 0;
        records++;
      }
    }
    return true;
  }

  private boolean isTooLong() {
    return length > LENGTH_MAX && isEstablished.getAsBoolean();
  }

  /**
   * Since when one and the same record has been on its way; looked at about once a second.
   *
   * @param second now
   * @param isRead whether the socket is
   * @return now, if none is
   */
  public long insideSince(long second, boolean isRead) {
    if (headerBytes == 0 || records != recordsSeen || !isRead) {
      recordsSeen = records;
      insideSecond = second;
    }
    return insideSecond;
  }
}
