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
import java.util.function.Supplier;
import org.nfsproxy.rpc.RpcTcp;

/**
 * Connects to the origin: resolves its name, tries its addresses in turn, goes through source
 * ports, and starts over while the origin is away, for a bounded time.
 */
// Netty's bootstrap is used beneath Vert.x's client, because each connection has its own source
// port and belongs on the event loop of its client connection. Everything here happens on that
// loop.
final class OriginConnector {
  /** Between attempts, with jitter: the client waits, and the origin should not be hammered. */
  private static final int AGAIN_MILLIS_MIN = 150;

  private static final int AGAIN_MILLIS_MAX = 450;

  private final VertxInternal vertx;
  private final OriginName name;
  private final SourcePorts sources;
  private final int connectMillis;
  private final int waitMillis;

  OriginConnector(Vertx vertx, NfsSettings settings, SourcePorts sources) {
    this.vertx = (VertxInternal) vertx;
    this.name = new OriginName(vertx, settings.host());
    this.sources = sources;
    this.connectMillis = settings.connectMillis();
    this.waitMillis = settings.waitMillis();
  }

  /**
   * Connects. The channel does not read until it is told to.
   *
   * @param loop the event loop of the connection
   * @param port says the origin's port; asked again for each attempt
   * @param connected completed with the channel; cancelling it ends the search
   */
  void connect(EventLoop loop, Supplier<Future<Integer>> port, Promise<Channel> connected) {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    new Search(loop, port, connected, deadlineNanos).begin();
  }

  private final class Search {
    private final EventLoop loop;
    private final Supplier<Future<Integer>> port;
    private final Promise<Channel> connected;
    private final long deadlineNanos;
    private List<InetAddress> addresses = List.of();
    private int portNumber;
    private int addressAt;
    private int tries;

    Search(
        EventLoop loop,
        Supplier<Future<Integer>> port,
        Promise<Channel> connected,
        long deadlineNanos) {
      this.loop = loop;
      this.port = port;
      this.connected = connected;
      this.deadlineNanos = deadlineNanos;
    }

    void begin() {
      addressAt = 0;
      tries = 0;
      Future.all(name.addresses(), port.get())
          .onComplete(
              found ->
                  loop.execute(
                      () -> {
                        if (found.failed()) {
                          again(found.cause());
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
        again(none);
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
        if (!connected.trySuccess(channel)) {
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
        again(why);
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
