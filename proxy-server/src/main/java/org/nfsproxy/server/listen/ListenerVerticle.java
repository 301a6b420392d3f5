package org.nfsproxy.server.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TcpServerConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.RpcTcp;
import org.nfsproxy.server.configuration.ProxyProtocol;
import org.nfsproxy.server.metrics.ConnectionEvent;
import org.nfsproxy.server.metrics.ConnectionMeter;
import org.nfsproxy.server.metrics.LoopMeter;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.socket.InheritedSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts clients on one event loop. Several of them share one port: Vert.x spreads the connections
 * over them.
 */
public final class ListenerVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ListenerVerticle.class);
  private static final int ACCEPT_BACKLOG = 1024;

  /** Between looks at how late this event loop is. */
  private static final int LAG_MILLIS = 100;

  private static final long REFUSAL_LOG_SECONDS = 60;
  private static final String RAISE_IT = "Raise it if these are real clients";

  private final Listening listening;
  private final String host;
  private final int port;
  private final @Nullable InheritedSocket inherited;
  private final @Nullable ProxyProtocol balancers;
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
  private Worker worker;
  private WorkerHandoff handoff;
  private @Nullable LoopMeter meter;
  private NetServer server;
  private long refusalLoggedSecond;
  private long refusals;
  private long dueNanos;

  private ListenerVerticle(
      Listening listening,
      String host,
      int port,
      @Nullable InheritedSocket inherited,
      @Nullable ProxyProtocol balancers) {
    this.listening = listening;
    this.host = host;
    this.port = port;
    this.inherited = inherited;
    this.balancers = balancers;
  }

  /** One that clients come to themselves, on a socket that was handed over unless that is null. */
  static ListenerVerticle forClients(
      Listening listening, String host, int port, @Nullable InheritedSocket inherited) {
    return new ListenerVerticle(listening, host, port, inherited, null);
  }

  /** One that balancers come to, who say in a header who the client is. */
  static ListenerVerticle forBalancers(
      Listening listening, ProxyProtocol balancers, int port, @Nullable InheritedSocket inherited) {
    return new ListenerVerticle(listening, balancers.host(), port, inherited, balancers);
  }

  @Override
  public Future<?> start() {
    worker = listening.workers().next();
    handoff = new WorkerHandoff(((ContextInternal) context).nettyEventLoop(), worker);
    TcpServerConfig config =
        new TcpServerConfig().setHost(host).setPort(port).setAcceptBacklog(ACCEPT_BACKLOG);
    config.setTransportConfig(RpcTcp.config());
    server = vertx.createNetServer(config).connectHandler(this::accept);
    vertx.setPeriodic(1000, timer -> checkTime());
    if (listening.meters() != null) {
      LoopMeter own = listening.meters().loop();
      meter = own;
      dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAG_MILLIS);
      vertx.setTimer(LAG_MILLIS, timer -> countLag(own));
    }
    return inherited == null ? server.listen() : inherited.listen(server);
  }

  private void countLag(LoopMeter own) {
    own.countLag(System.nanoTime() - dueNanos);
    dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAG_MILLIS);
    vertx.setTimer(LAG_MILLIS, timer -> countLag(own));
  }

  private void count(ConnectionEvent event) {
    if (meter != null) {
      meter.count(event);
    }
  }

  /** The port that is listened on; the one asked for, or the one the system chose for 0. */
  int port() {
    return server.actualPort();
  }

  private void accept(NetSocket accepted) {
    assert isOnItsLoop();
    NetSocketInternal socket = (NetSocketInternal) accepted;
    Channel channel = socket.channelHandlerContext().channel();
    InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
    if (balancers == null) {
      admit(socket, peer, null);
    } else if (balancers.trusted().matches(ClientAddress.of(peer.getAddress()))) {
      awaitHeader(socket, peer, balancers);
    } else {
      CloseReason reason = CloseReason.UNTRUSTED_BALANCER;
      refuse(channel, peer, reason, reason.words(), "Put it there if it is a balancer");
    }
  }

  private void admit(
      NetSocketInternal socket, InetSocketAddress client, @Nullable InetSocketAddress balancer) {
    Channel channel = socket.channelHandlerContext().channel();
    ConnectionCount.Refusal refusal = listening.connections().enter(client.getAddress());
    if (refusal != null) {
      refuse(channel, client, refusal.reason(), refusal.toString(), RAISE_IT);
      return;
    }
    ClientConnection connection =
        new ClientConnection(
            listening,
            handoff,
            worker,
            ConnectionMeter.of(meter, client.getAddress(), client.getPort()),
            client,
            balancer);
    count(ConnectionEvent.ACCEPTED);
    log.debug("{} connected{}", client, balancer == null ? "" : ", by the balancer " + balancer);
    TlsListening tls = listening.tls();
    if (tls != null) {
      addHandler(
          socket,
          new StartTlsGate(
              tls,
              new StartTlsProbe(listening.backend()::programs),
              connection,
              (handler, records) ->
                  connection.tlsBegins(new ConnectionTls(handler, records, tls, client))));
    }
    addHandler(socket, connection);
    connections.add(connection);
    socket.shutdownHandler(grace -> connection.drainLater(aMoment(), 0));
    channel.closeFuture().addListener(closed -> closed(connection, client));
  }

  /** When stopping, which moment of the spread a connection has. */
  private long aMoment() {
    int spread = listening.drain().spreadMillis(listening.connections().all());
    return ThreadLocalRandom.current().nextInt(spread + 1);
  }

  private static void addHandler(NetSocketInternal socket, ChannelInboundHandler handler) {
    ChannelHandlerContext vertxHandler = socket.channelHandlerContext();
    vertxHandler.pipeline().addBefore(vertxHandler.name(), null, handler);
  }

  private void awaitHeader(
      NetSocketInternal socket, InetSocketAddress balancer, ProxyProtocol balancers) {
    Channel channel = socket.channelHandlerContext().channel();
    ConnectionCount.Refusal refusal = listening.connections().enterUnnamed();
    if (refusal != null) {
      refuse(channel, balancer, refusal.reason(), refusal.toString(), RAISE_IT);
      return;
    }
    Runnable leave = once(listening.connections()::leaveUnnamed);
    channel.closeFuture().addListener(closed -> leave.run());
    Consumer<ProxyHeader> arrived =
        header -> {
          InetSocketAddress client = header.client();
          if (client == null) {
            HealthCheck check =
                new HealthCheck(
                    listening.backend(), listening.limits().firstCallMillis(), listening.closes());
            addHandler(socket, check);
            socket.shutdownHandler(grace -> check.close(CloseReason.DRAINED));
          } else {
            leave.run();
            admit(socket, client, balancer);
          }
        };
    ProxyHeaderGate gate =
        new ProxyHeaderGate(balancers.headerMillis(), arrived, listening.closes());
    addHandler(socket, gate);
    socket.shutdownHandler(grace -> gate.stop());
  }

  private static Runnable once(Runnable run) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        run.run();
      }
    };
  }

  private void closed(ClientConnection connection, InetSocketAddress client) {
    connections.remove(connection);
    listening.connections().leave(client.getAddress());
    connection.socketEnded();
  }

  private boolean isOnItsLoop() {
    return ((ContextInternal) context).nettyEventLoop().inEventLoop();
  }

  private void checkTime() {
    assert isOnItsLoop();
    long second = listening.clock().update();
    connections.forEach(connection -> checkTime(connection, second));
  }

  // What fails for one connection is no reason to forget the others.
  private static void checkTime(ClientConnection connection, long second) {
    try {
      connection.checkTime(second);
    } catch (RuntimeException | Error bug) {
      log.error("a connection could not be looked at; it is closed", bug);
      connection.close(CloseReason.FAULT, "looking at its time");
    }
  }

  private void refuse(
      Channel channel, InetSocketAddress client, CloseReason reason, String bound, String cure) {
    listening.closes().close(channel, reason);
    refusals++;
    if (refusals == 1 || listening.second() - refusalLoggedSecond >= REFUSAL_LOG_SECONDS) {
      refusalLoggedSecond = listening.second();
      log.warn("{} is refused by {}; {} refused so far. {}", client, bound, refusals, cure);
    }
  }

  /** The clients that are connected; for any thread. */
  Set<ClientConnection> connections() {
    return connections;
  }

  /** Stops accepting, lets calls in flight end for a while, then closes what is left. */
  Future<Void> drain(Duration grace) {
    return server.shutdown(grace);
  }
}
