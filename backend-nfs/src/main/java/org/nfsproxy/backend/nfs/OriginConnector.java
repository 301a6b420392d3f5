package org.nfsproxy.backend.nfs;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.rpc.RpcTcp;

/**
 * Connects to the origin, or to an equivalent of it: resolves its name, tries its addresses in
 * turn, goes through source ports, then goes on to the next server, and starts over while none is
 * there, for a bounded time.
 */
// Netty's bootstrap is used beneath Vert.x's client, because each connection has its own source
// port and belongs on the event loop of its client connection. Everything here happens on that
// loop.
final class OriginConnector {
  /** Between attempts, with jitter: the client waits, and the origin should not be hammered. */
  private static final int AGAIN_MILLIS_MIN = 150;

  private static final int AGAIN_MILLIS_MAX = 450;

  private final VertxInternal vertx;
  private final OriginServers servers;
  private final SourcePorts sources;
  private final int connectMillis;
  private final int waitMillis;

  OriginConnector(Vertx vertx, NfsSettings settings, OriginServers servers, SourcePorts sources) {
    this.vertx = (VertxInternal) vertx;
    this.servers = servers;
    this.sources = sources;
    this.connectMillis = settings.connectMillis();
    this.waitMillis = settings.waitMillis();
  }

  /**
   * Connects. The channel does not read until it is told to.
   *
   * @param loop the event loop of the connection
   * @param program whose port is wanted; asked for again for each attempt
   * @param connected completed with the channel; cancelling it ends the search
   */
  void connect(EventLoop loop, int program, Promise<Channel> connected) {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    new Search(loop, program, connected, deadlineNanos).begin();
  }

  private final class Search {
    private final EventLoop loop;
    private final int program;
    private final Promise<Channel> connected;
    private final long deadlineNanos;
    private List<OriginServer> order = List.of();
    private int serverAt;
    private NotServedException notServed;
    private List<InetAddress> addresses = List.of();
    private int portNumber;
    private int addressAt;
    private int tries;

    Search(EventLoop loop, int program, Promise<Channel> connected, long deadlineNanos) {
      this.loop = loop;
      this.program = program;
      this.connected = connected;
      this.deadlineNanos = deadlineNanos;
    }

    void begin() {
      order = servers.inOrder();
      serverAt = 0;
      notServed = null;
      beginServer();
    }

    private void beginServer() {
      addressAt = 0;
      tries = 0;
      OriginServer server = order.get(serverAt);
      Future.all(server.name().addresses(), server.programs().port(program))
          .onComplete(
              found ->
                  loop.execute(
                      () -> {
                        if (found.failed()) {
                          nextServer(found.cause());
                        } else {
                          addresses = found.result().resultAt(0);
                          portNumber = found.result().resultAt(1);
                          tryNext();
                        }
                      }));
    }

    private void tryNext() {
      if (connected.isDone()) {
        return;
      }
      InetSocketAddress origin = new InetSocketAddress(addresses.get(addressAt), portNumber);
      SourcePorts.Source source;
      try {
        source = sources.take(origin);
      } catch (SourcePorts.ExhaustedException none) {
        nextServer(none);
        return;
      }
      bootstrap()
          .connect(origin, source.local())
          .addListener((ChannelFuture attempt) -> attempted(attempt, origin, source));
    }

    private Bootstrap bootstrap() {
      Bootstrap bootstrap = new Bootstrap();
      vertx.transport().configure(RpcTcp.config(), false, bootstrap);
      return bootstrap
          .group(loop)
          .channelFactory(vertx.transport().channelFactory(false))
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
          .option(ChannelOption.AUTO_READ, false)
          .handler(new ChannelInboundHandlerAdapter());
    }

    private void attempted(
        ChannelFuture attempt, InetSocketAddress origin, SourcePorts.Source source) {
      Channel channel = attempt.channel();
      channel.closeFuture().addListener(closed -> sources.giveBack(source, origin));
      if (attempt.isSuccess()) {
        boolean isOurs =
            program != Programs.NFS || servers.serves(order.get(0), order.get(serverAt));
        if (!isOurs) {
          channel.close();
          begin();
        } else if (!connected.trySuccess(channel)) {
          channel.close();
        }
        return;
      }
      channel.close();
      Throwable why = attempt.cause();
      if (ConnectFailure.isPermission(why) && source.isReserved()) {
        sources.forbidReserved();
        tryNext();
      } else if (ConnectFailure.isSourceTaken(why) && ++tries < sources.triesMax()) {
        tryNext();
      } else if (++addressAt < addresses.size()) {
        tryNext();
      } else {
        nextServer(why);
      }
    }

    private void nextServer(Throwable why) {
      if (why instanceof NotServedException none) {
        notServed = none;
      }
      if (++serverAt < order.size() && System.nanoTime() - deadlineNanos < 0) {
        beginServer();
      } else {
        again(notServed == null ? why : notServed);
      }
    }

    private void again(Throwable why) {
      int millis = ThreadLocalRandom.current().nextInt(AGAIN_MILLIS_MIN, AGAIN_MILLIS_MAX);
      long atNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      if (connected.isDone()) {
        return;
      }
      if (why instanceof NotServedException || atNanos - deadlineNanos > 0) {
        connected.tryFailure(
            why instanceof NotServedException
                ? why
                : new IOException(String.valueOf(why.getMessage()), why));
        return;
      }
      loop.schedule(this::begin, millis, TimeUnit.MILLISECONDS);
    }
  }
}
