package org.nfsproxy.backend.nfs.connect;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpClientConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.questions.Connector;
import org.nfsproxy.rpc.RpcClient;

/** Connections for the proxy's own questions: from the same source ports as those of clients. */
// One attempt at each address and no trying again: whoever asks decides when to ask again.
final class QuestionConnector implements Connector {
  private final VertxInternal vertx;
  private final OriginName name;
  private final SourcePorts sources;
  private final Duration connectTime;
  private final QuestionProtection protection;

  QuestionConnector(
      Vertx vertx,
      OriginName name,
      SourcePorts sources,
      int connectMillis,
      QuestionProtection protection) {
    this.vertx = (VertxInternal) vertx;
    this.protection = protection;
    this.name = name;
    this.sources = sources;
    this.connectTime = Duration.ofMillis(connectMillis);
  }

  /** A connection, and what made it: Vert.x closes what a NetClient made that nobody holds. */
  private record Made(NetClient client, NetSocket socket) {}

  @Override
  public Future<RpcClient> connect(SocketAddress server) {
    return made(server.port(), null)
        .map(made -> RpcClient.over(vertx, made.client, made.socket, RpcClient.Bounds.DEFAULT));
  }

  /** Connects without RPC on top; the connection holds what made it until it is closed. */
  Future<NetSocket> connect(int port, @Nullable InetAddress from) {
    return made(port, from).map(Made::socket);
  }

  private Future<Made> made(int port, @Nullable InetAddress from) {
    return name.addresses().compose(addresses -> tryAddress(addresses, 0, port, from));
  }

  private Future<Made> tryAddress(
      List<InetAddress> addresses, int at, int port, @Nullable InetAddress from) {
    InetSocketAddress origin = new InetSocketAddress(addresses.get(at), port);
    return trySource(origin, from)
        .recover(
            failure ->
                at + 1 < addresses.size()
                    ? tryAddress(addresses, at + 1, port, from)
                    : Future.failedFuture(failure));
  }

  private Future<Made> trySource(InetSocketAddress origin, @Nullable InetAddress from) {
    SourcePorts.Source source;
    try {
      source = sources.takeOwn(origin, from);
    } catch (SourcePorts.ExhaustedException none) {
      return Future.failedFuture(none);
    }
    TcpClientConfig config = new TcpClientConfig().setConnectTimeout(connectTime);
    config.setTransportConfig(OriginTcp.config());
    config.setLocalAddress(SocketAddress.inetSocketAddress(source.local()));
    NetClient client = vertx.createNetClient(config);
    return reach(client, origin, source)
        .recover(
            failure -> {
              client.close();
              return Future.succeededFuture(again(failure, origin, source, from));
            })
        .compose(made -> made);
  }

  /**
   * Connects once.
   *
   * @return completes when there is a connection, with what completes when it may be used
   */
  // What is to have TLS is looked after on its own event loop, from the moment it is there.
  private Future<Future<Made>> reach(
      NetClient client, InetSocketAddress origin, SourcePorts.Source source) {
    SocketAddress to = SocketAddress.inetSocketAddress(origin);
    if (!protection.covers(origin.getPort())) {
      return client
          .connect(to)
          .map(socket -> Future.succeededFuture(made(client, socket, source, origin)));
    }
    Promise<Future<Made>> reached = Promise.promise();
    vertx
        .createEventLoopContext()
        .runOnContext(
            here ->
                client
                    .connect(to)
                    .map(socket -> secure(made(client, socket, source, origin)))
                    .onComplete(reached));
    return reached.future();
  }

  private Made made(
      NetClient client, NetSocket socket, SourcePorts.Source source, InetSocketAddress origin) {
    channel(socket)
        .closeFuture()
        .addListener(
            closed -> {
              sources.giveBack(source, origin);
              client.close();
            });
    return new Made(client, socket);
  }

  // Nothing comes past TLS, and inside it nobody speaks before a question is asked.
  private Future<Made> secure(Made made) {
    made.socket.handler(unasked -> made.socket.close());
    return protection.secure(channel(made.socket)).map(secured -> made);
  }

  private Future<Made> again(
      Throwable failure,
      InetSocketAddress origin,
      SourcePorts.Source source,
      @Nullable InetAddress from) {
    if (source.isReserved() && ConnectFailure.isSourceTaken(failure)) {
      sources.refused(source, origin);
      return trySource(origin, from);
    }
    sources.giveBack(source, origin);
    if (source.isReserved() && ConnectFailure.isPermission(failure)) {
      sources.forbidReserved();
      return trySource(origin, from);
    }
    return Future.failedFuture(failure);
  }

  private static Channel channel(NetSocket socket) {
    return ((NetSocketInternal) socket).channelHandlerContext().channel();
  }
}
