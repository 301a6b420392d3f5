package org.nfsproxy.backend.nfs.tls;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;

/** Ends a connection whose other side has ended TLS: nothing that comes behind it counts. */
@ChannelHandler.Sharable
final class EndOfTls extends ChannelInboundHandlerAdapter {
  static final EndOfTls INSTANCE = new EndOfTls();

  private EndOfTls() {}

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    context.fireUserEventTriggered(event);
    if (event instanceof SslCloseCompletionEvent) {
      context.close();
    }
  }
}
