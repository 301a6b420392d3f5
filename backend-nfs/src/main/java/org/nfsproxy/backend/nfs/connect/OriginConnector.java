package org.nfsproxy.backend.nfs.connect;

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
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.backend.nfs.questions.NotServedException;
import org.nfsproxy.backend.nfs.tls.OriginTlsException;
import org.nfsproxy.backend.nfs.tls.SecuredServer;
import org.nfsproxy.nfs.table.Programs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the origin, or to an equivalent of it: resolves its name, tries its addresses in
 * turn, goes through source ports, then goes on to the next server, and starts over while none is
 * there, for a bounded time.
 */
// Netty's bootstrap is used beneath Vert.x's client, because each connection has its own source
// port and belongs on the event loop of its client connection. Everything here happens on that
// loop.
public final class OriginConnector {
  private static final Logger log = LoggerFactory.getLogger(OriginConnector.class);

  /** Between attempts, with jitter: the client waits, and the origin should not be hammered. */
  private static final int AGAIN_MILLIS_MIN = 150;

  private static final int AGAIN_MILLIS_MAX = 450;

  /**
   * A port below 1024 may be given back in a moment, and one above is refused by a secure origin,
   * with errors that a client's user sees.
   */
  private static final long PATIENT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final VertxInternal vertx;
  private final OriginServers servers;
  private final SourcePorts sources;
  private final int connectMillis;
  private final int waitMillis;

  public OriginConnector(
      Vertx vertx, NfsSettings settings, OriginServers servers, SourcePorts sources) {
    this.vertx = (VertxInternal) vertx;
    this.servers = servers;
    this.sources = sources;
    this.connectMillis = settings.connectMillis();
    this.waitMillis = settings.waitMillis();
  }

  /**
   * Connects. The channel does not read until it is told to.
   *
   * @param client for whom, and on whose event loop
   * @param program whose port is wanted; asked for again for each attempt
   * @param connected completed with the channel; cancelling it ends the search
   */
  public void connect(ClientSide client, int program, Promise<Channel> connected) {
    new Search(client, program, connected).begin();
  }

  private final class Search {
    private final EventLoop loop;
    private final InetSocketAddress client;
    private final int program;
    private final Promise<Channel> connected;
    private final long begunNanos = System.nanoTime();
    private final long deadlineNanos = begunNanos + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    private List<OriginServer> order = List.of();
    private int serverAt;
    private @Nullable NotServedException notServed;
    private List<InetAddress> addresses = List.of();
    private int portNumber;
    private boolean isChoosing = true;
    private int addressAt;

    Search(ClientSide client, int program, Promise<Channel> connected) {
      this.loop = client.eventLoop();
      this.client = client.address();
      this.program = program;
      this.connected = connected;
    }

    void begin() {
      order = servers.inOrder();
      serverAt = 0;
      notServed = null;
      beginServer();
    }

    private void beginServer() {
      addressAt = 0;
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
      SecuredServer protection = protection();
      InetSocketAddress origin = new InetSocketAddress(addresses.get(addressAt), portNumber);
      OriginTlsException resting = protection == null ? null : protection.resting(origin);
      if (resting != null) {
        nextAddress(resting);
        return;
      }
      SourcePorts.Source source;
      try {
        boolean isPatient = System.nanoTime() - begunNanos < PATIENT_NANOS;
        source = sources.take(client, origin, isPatient, isChoosing);
      } catch (SourcePorts.ExhaustedException none) {
        again(none); // no reason to turn to another server, nor to think this one away
        return;
      }
      bootstrap()
          .connect(origin, source.local())
          .addListener((ChannelFuture attempt) -> attempted(attempt, origin, source));
    }

    private Bootstrap bootstrap() {
      Bootstrap bootstrap = new Bootstrap();
      vertx.transport().configure(OriginTcp.config(), false, bootstrap);
      return bootstrap
          .group(loop)
          .channelFactory(vertx.transport().channelFactory(false))
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
          .option(ChannelOption.SO_REUSEADDR, true) // the transport leaves this to its callers
          .option(ChannelOption.AUTO_READ, false)
          .handler(new ChannelInboundHandlerAdapter());
    }

    private void attempted(
        ChannelFuture attempt, InetSocketAddress origin, SourcePorts.Source source) {
      Channel channel = attempt.channel();
      if (source.local().getPort() != 0 && ConnectFailure.isSourceTaken(attempt.cause())) {
        channel.close();
        sources.refused(source, origin);
        isChoosing = source.isReserved();
        tryNext();
        return;
      }
      channel.closeFuture().addListener(closed -> sources.giveBack(source, origin));
      if (attempt.isSuccess()) {
        log.debug("{}: connected to {} from port {}", client, origin, source.local().getPort());
        secure(channel);
        return;
      }
      channel.close();
      Throwable why = attempt.cause();
      log.debug("{}: no connection to {}: {}", client, origin, Reason.of(why));
      if (ConnectFailure.isPermission(why) && source.isReserved()) {
        sources.forbidReserved();
        tryNext();
      } else {
        nextAddress(why);
      }
    }

    private @Nullable SecuredServer protection() {
      return order.get(serverAt).protection(program, portNumber);
    }

    private void secure(Channel channel) {
      SecuredServer protection = protection();
      if (protection == null) {
        reached(channel);
        return;
      }
      connected.addListener(
          done -> {
            if (!done.isSuccess()) {
              channel.close();
            }
          });
      long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      protection
          .secure(channel, false, Math.max(1, millis))
          .onSuccess(secured -> onLoop(() -> reached(channel)))
          .onFailure(
              why ->
                  onLoop(
                      () -> {
                        log.debug("{}: {}", client, Reason.of(why));
                        if (!connected.isDone()) {
                          nextAddress(why);
                        }
                      }));
    }

    private void onLoop(Runnable then) {
      if (loop.inEventLoop()) {
        then.run();
      } else {
        loop.execute(then);
      }
    }

    private void reached(Channel channel) {
      boolean isOurs = program != Programs.NFS || servers.serves(order.get(0), order.get(serverAt));
      if (!isOurs) {
        channel.close();
        begin();
      } else if (!connected.trySuccess(channel)) {
        channel.close();
      }
    }

    private void nextAddress(Throwable why) {
      if (++addressAt < addresses.size()) {
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
        if (notServed == null) {
          servers.reachability().failed(why);
        }
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
            why instanceof NotServedException ? why : new IOException(Reason.of(why), why));
        return;
      }
      loop.schedule(this::begin, millis, TimeUnit.MILLISECONDS);
    }
  }
}
