package org.nfsproxy.server.socket;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/** Closes connections, whether their peers have read what was sent or not. For any thread. */
// Vert.x's own close() stands behind all that is to be sent before it: a peer that reads nothing,
// and sends a byte now and then so as not to be idle, is never closed. From where Vert.x's handler
// stands, the close goes straight to the socket, behind what that takes at once; with TLS in front
// of it, that waits a second at most for its end.
public final class CloseNow {
  private CloseNow() {}

  /** Closes one of HTTP. */
  public static void of(HttpConnection connection) {
    close(((HttpServerConnection) connection).channelHandlerContext());
  }

  /** Closes any other. */
  public static void of(NetSocket socket) {
    close(((NetSocketInternal) socket).channelHandlerContext());
  }

  private static void close(ChannelHandlerContext context) {
    context.flush();
    context.close();
  }
}
