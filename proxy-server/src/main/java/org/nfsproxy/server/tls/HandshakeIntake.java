package org.nfsproxy.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

/**
 * Bounds what arrives while a handshake is under way, in front of the engine, and leaves when that
 * has ended well. Used on the connection's event loop.
 */
// While a handshake is computed elsewhere, Netty's SslHandler keeps whatever comes. A client may
// send calls behind the end of its own part, so more than a handshake needs is no mistake; but it
// is left in the socket until the handshake has ended.
//
// One that has failed is followed by a close, and until then nothing more is wanted.
public final class HandshakeIntake extends ChannelDuplexHandler {
  /** A client's part with a chain of certificates; Java takes no message of more than 32 KiB. */
  private static final int HANDSHAKE_BYTES = 64 * 1024;

  /** What one round of reading may bring, and more than that. */
  private static final int BYTES_MAX = 1 << 20;

  private final SslHandler handler;
  private final Runnable tooMuch;
  private long bytes;

  /**
   * For a connection whose handshake has not begun.
   *
   * @param handler behind it, the engine's
   * @param tooMuch closes it
   */
  public HandshakeIntake(SslHandler handler, Runnable tooMuch) {
    this.handler = handler;
    this.tooMuch = tooMuch;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    handler
        .handshakeFuture()
        .addListener(
            ended -> {
              if (ended.isSuccess() && !context.isRemoved()) {
                context.pipeline().remove(this);
                context.channel().config().setAutoRead(true);
              }
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf more = (ByteBuf) message;
    bytes += more.readableBytes();
    if (bytes > BYTES_MAX) {
      more.release();
      tooMuch.run();
      return;
    }
    if (bytes > HANDSHAKE_BYTES) {
      context.channel().config().setAutoRead(false);
    }
    context.fireChannelRead(more);
  }

  // SslHandler reads on by itself until its handshake has ended.
  @Override
  public void read(ChannelHandlerContext context) {
    if (bytes <= HANDSHAKE_BYTES) {
      context.read();
    }
  }
}
