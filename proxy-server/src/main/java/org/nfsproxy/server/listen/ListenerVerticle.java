package org.nfsproxy.server.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TcpServerConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.nfsproxy.rpc.RpcTcp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts clients on one event loop. Several of them share one port: Vert.x spreads the connections
 * over them.
 */
public final class ListenerVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ListenerVerticle.class);
  private static final int ACCEPT_BACKLOG = 1024;
  private static final long REFUSAL_LOG_SECONDS = 60;

  private final Listening listening;
  private final String host;
  private final int port;
  private final Set<ClientConnection> connections = new HashSet<>();
  private Worker worker;
  private Docket docket;
  private NetServer server;
  private long refusalLoggedSecond;
  private long refusals;

  ListenerVerticle(Listening listening, String host, int port) {
    this.listening = listening;
    this.host = host;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    worker = listening.workers().next();
    docket = new Docket(((ContextInternal) context).nettyEventLoop(), worker);
    TcpServerConfig config =
        new TcpServerConfig().setHost(host).setPort(port).setAcceptBacklog(ACCEPT_BACKLOG);
    config.setTransportConfig(RpcTcp.config());
    server = vertx.createNetServer(config).connectHandler(this::accept);
    vertx.setPeriodic(1000, timer -> checkTime());
    return server.listen();
  }

  /** The port that is listened on; the one asked for, or the one the system chose for 0. */
  int port() {
    return server.actualPort();
  }

  private void accept(NetSocket accepted) {
    NetSocketInternal socket = (NetSocketInternal) accepted;
    ChannelHandlerContext vertxHandler = socket.channelHandlerContext();
    Channel channel = vertxHandler.channel();
    InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
    String bound = listening.connections().enter(client.getAddress());
    if (bound != null) {
      logRefusal(client, bound);
      channel.close();
      return;
    }
    ClientConnection connection = new ClientConnection(listening, docket, worker, client);
    connections.add(connection);
    socket.shutdownHandler(grace -> connection.drain());
    channel.closeFuture().addListener(closed -> closed(connection, client));
    channel.pipeline().addBefore(vertxHandler.name(), "nfs", connection);
  }

  private void closed(ClientConnection connection, InetSocketAddress client) {
    connections.remove(connection);
    listening.connections().leave(client.getAddress());
    connection.close("its socket is closed");
  }

  private void checkTime() {
    long second = listening.clock().update();
    Set.copyOf(connections).forEach(connection -> connection.checkTime(second));
  }

  private void logRefusal(InetSocketAddress client, String bound) {
    refusals++;
    if (refusals == 1 || listening.second() - refusalLoggedSecond >= REFUSAL_LOG_SECONDS) {
      refusalLoggedSecond = listening.second();
      log.warn(
          "{} is refused by {}; {} refused so far. Raise it if these are real clients",
          client,
          bound,
          refusals);
    }
  }

  /** Stops accepting, lets calls in flight end for a while, then closes what is left. */
  Future<Void> drain(Duration grace) {
    return server.shutdown(grace);
  }
}
