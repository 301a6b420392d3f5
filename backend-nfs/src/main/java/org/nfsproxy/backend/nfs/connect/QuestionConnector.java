package org.nfsproxy.backend.nfs.connect;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
  private final Vertx vertx;
  private final OriginName name;
  private final SourcePorts sources;
  private final Duration connectTime;

  QuestionConnector(Vertx vertx, OriginName name, SourcePorts sources, int connectMillis) {
    this.vertx = vertx;
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
    return client
        .connect(SocketAddress.inetSocketAddress(origin))
        .map(
            socket -> {
              onClose(
                  socket,
                  () -> {
                    sources.giveBack(source, origin);
                    client.close();
                  });
              return new Made(client, socket);
            })
        .recover(
            failure -> {
              client.close();
              return again(failure, origin, source, from);
            });
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

  private static void onClose(NetSocket socket, Runnable closed) {
    ((NetSocketInternal) socket)
        .channelHandlerContext()
        .channel()
        .closeFuture()
        .addListener(done -> closed.run());
  }
}
