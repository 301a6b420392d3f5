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

  @Override
  public Future<RpcClient> connect(SocketAddress server) {
    return name.addresses().compose(addresses -> tryAddress(addresses, 0, server.port()));
  }

  private Future<RpcClient> tryAddress(List<InetAddress> addresses, int at, int port) {
    InetSocketAddress origin = new InetSocketAddress(addresses.get(at), port);
    return trySource(origin)
        .recover(
            failure ->
                at + 1 < addresses.size()
                    ? tryAddress(addresses, at + 1, port)
                    : Future.failedFuture(failure));
  }

  private Future<RpcClient> trySource(InetSocketAddress origin) {
    SourcePorts.Source source;
    try {
      source = sources.take(null, origin, false, false);
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
              return RpcClient.over(vertx, client, socket, RpcClient.Bounds.DEFAULT);
            })
        .recover(
            failure -> {
              client.close();
              return again(failure, origin, source);
            });
  }

  private Future<RpcClient> again(
      Throwable failure, InetSocketAddress origin, SourcePorts.Source source) {
    if (source.isReserved() && ConnectFailure.isSourceTaken(failure)) {
      sources.refused(source, origin);
      return trySource(origin);
    }
    sources.giveBack(source, origin);
    if (source.isReserved() && ConnectFailure.isPermission(failure)) {
      sources.forbidReserved();
      return trySource(origin);
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
