package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in front of a connection until the balancer's header has been read, and then leaves. A
 * connection without one is closed.
 */
// What closes without a byte is a balancer's check of the port, and is nobody's mistake.
final class ProxyHeaderGate extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ProxyHeaderGate.class);

  private final ProxyHeaderReader reader = new ProxyHeaderReader();
  private final int headerMillis;
  private final Consumer<ProxyHeader> arrived;
  private final Closes closes;
  private ChannelHandlerContext channel;
  private Future<?> late;
  private boolean done;

  /**
   * For a connection from a trusted balancer.
   *
   * @param headerMillis time for the whole header
   * @param arrived is told the header, once, before the bytes behind it are passed on
   */
  ProxyHeaderGate(int headerMillis, Consumer<ProxyHeader> arrived, Closes closes) {
    this.closes = closes;
    this.headerMillis = headerMillis;
    this.arrived = arrived;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    channel = added;
    late =
        channel
            .executor()
            .schedule(
                () -> refuse("no header in " + headerMillis + " ms"),
                headerMillis,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ignored) {
    done = true;
    late.cancel(false);
  }

  @Override
  public void channelRead(ChannelHandlerContext ignored, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    ProxyHeader header = done ? null : read(bytes);
    if (header == null) {
      bytes.release();
      return;
    }
    done = true;
    arrived.accept(header);
    if (bytes.isReadable()) {
      channel.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
    channel.pipeline().remove(this);
  }

  private @Nullable ProxyHeader read(ByteBuf bytes) {
    try {
      return reader.read(bytes);
    } catch (ProxyHeaderException wrong) {
      refuse(wrong.getMessage());
      return null;
    }
  }

  private void refuse(String why) {
    close(CloseReason.NO_PROXY_HEADER, why);
  }

  /** Ends the connection, if it has not sent its header. */
  void stop() {
    close(CloseReason.DRAINED, "before its header");
  }

  private void close(CloseReason reason, String detail) {
    assert channel.executor().inEventLoop();
    if (!done) {
      done = true;
      log.debug("{} closed: {}: {}", channel.channel().remoteAddress(), reason.words(), detail);
      closes.close(channel, reason);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ignored) {
    close(CloseReason.CLIENT_ENDED, "before its header");
    channel.fireChannelInactive();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ignored) {
    // Nothing has gone through that could be complete.
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
    close(CloseReason.SOCKET_FAILED, cause.toString());
  }
}
