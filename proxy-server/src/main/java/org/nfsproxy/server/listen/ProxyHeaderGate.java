package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
  private Future<?> late;
  private boolean done;

  /**
   * For a connection from a trusted balancer.
   *
   * @param headerMillis time for the whole header
   * @param arrived is told the header, once, before the bytes behind it are passed on
   */
  ProxyHeaderGate(int headerMillis, Consumer<ProxyHeader> arrived) {
    this.headerMillis = headerMillis;
    this.arrived = arrived;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext channel) {
    late =
        channel
            .executor()
            .schedule(
                () -> refuse(channel, "no header in " + headerMillis + " ms"),
                headerMillis,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext channel) {
    done = true;
    late.cancel(false);
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    ProxyHeader header = done ? null : read(channel, bytes);
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

  private ProxyHeader read(ChannelHandlerContext channel, ByteBuf bytes) {
    try {
      return reader.read(bytes);
    } catch (ProxyHeaderException wrong) {
      refuse(channel, wrong.getMessage());
      return null;
    }
  }

  private void refuse(ChannelHandlerContext channel, String why) {
    done = true;
    log.debug("{} closed: {}", channel.channel().remoteAddress(), why);
    channel.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    // Nothing has gone through that could be complete.
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    refuse(channel, cause.toString());
  }
}
