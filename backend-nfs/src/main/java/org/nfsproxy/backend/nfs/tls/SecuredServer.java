package org.nfsproxy.backend.nfs.tls;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.tls.CertificateFacts;

/**
 * One server that may serve as the origin, as TLS sees it. All connections to it that carry calls
 * of NFS go through {@link #secure} before they carry anything. For any thread.
 */
public final class SecuredServer {
  private static final int DETAIL_CHARS_MAX = 200;
  private static final int NO_PLACE = -1;

  /** As long as a question of the proxy's own waits after a connection that failed. */
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final OriginTls tls;
  private final String host;
  private final int port;
  private final String name;
  private final AtomicLong secured = new AtomicLong();
  private final AtomicLong clear = new AtomicLong();
  private final AtomicLong underWay = new AtomicLong();
  private volatile @Nullable CertificateFacts certificate;
  private final RecentFailures<InetSocketAddress> failures = new RecentFailures<>(REST_NANOS);

  SecuredServer(OriginTls tls, String host, int port, String name) {
    this.tls = tls;
    this.host = host;
    this.port = port;
    this.name = name;
  }

  /**
   * Gives a connection TLS.
   *
   * @param channel connected; nothing was sent, and nothing read
   * @param isOwn whether it is for the proxy's own questions, which wait for no turn: there is one
   * @param millis how long it may take, the wait for its turn included
   * @return completes on the channel's event loop, once it may be used; fails with {@link
   *     OriginTlsException} once it is closed, or with what the files cannot be used for
   */
  public Future<Void> secure(Channel channel, boolean isOwn, long millis) {
    Promise<Void> promise = Promise.promise();
    AtomicBoolean isBegun = new AtomicBoolean();
    InetSocketAddress address = addressOf(channel);
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    channel
        .closeFuture()
        .addListener(
            closed -> {
              if (!isBegun.get()) { // who has begun knows better why
                promise.tryFail(failure(OriginHandshake.ENDED_BY_ORIGIN, "it has gone"));
              }
            });
    ScheduledFuture<?> late =
        channel
            .eventLoop()
            .schedule(() -> late(channel, promise, millis), millis, TimeUnit.MILLISECONDS);
    tls.load()
        .compose(
            loaded ->
                isOwn
                    ? Future.succeededFuture(NO_PLACE)
                    : tls.take(() -> promise.future().isComplete()))
        .onSuccess(
            place ->
                channel
                    .eventLoop()
                    .execute(
                        () -> {
                          late.cancel(false);
                          isBegun.set(!promise.future().isComplete());
                          begin(channel, address, place, endNanos, promise);
                        }))
        .onFailure(
            why -> {
              promise.tryFail(why);
              channel.close();
            });
    return promise.future();
  }

  /**
   * What an attempt has just failed with, so that another one is no use yet: clients that wait try
   * several times a second, all of them, and the other end computes for each.
   *
   * @param address of this server; another one of it may be tried meanwhile
   * @return null if there is no reason to wait
   */
  public @Nullable OriginTlsException resting(InetSocketAddress address) {
    return failures.resting(address, System.nanoTime());
  }

  private void late(Channel channel, Promise<Void> promise, long millis) {
    promise.tryFail(
        failure(OriginHandshake.TIMED_OUT, "its turn has not come in " + millis + " ms"));
    channel.close();
  }

  // One that has closed already may not know it any more.
  private InetSocketAddress addressOf(Channel channel) {
    InetSocketAddress known = (InetSocketAddress) channel.remoteAddress();
    return known == null ? InetSocketAddress.createUnresolved(host, port) : known;
  }

  private void begin(
      Channel channel, InetSocketAddress address, int place, long endNanos, Promise<Void> promise) {
    long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
    if (promise.future().isComplete()) {
      leave(place);
    } else if (left <= 0) {
      leave(place);
      late(channel, promise, left);
    } else {
      underWay.incrementAndGet();
      channel
          .pipeline()
          .addFirst(
              new StartTls(
                  () -> tls.newHandler(channel.alloc(), name, port),
                  tls.hasOwn(),
                  tls.mayBeClear(),
                  Math.min(tls.handshakeMillis(), left),
                  new Attempt(channel, address, place, promise)));
    }
  }

  /** What follows when an attempt has ended. */
  private final class Attempt implements StartTls.Ended {
    private final Channel channel;
    private final InetSocketAddress address;
    private final int place;
    private final Promise<Void> promise;

    Attempt(Channel channel, InetSocketAddress address, int place, Promise<Void> promise) {
      this.channel = channel;
      this.address = address;
      this.place = place;
      this.promise = promise;
    }

    @Override
    public void well(@Nullable X509Certificate theirs) {
      leaveTurn();
      failures.well(address);
      count(channel, theirs);
      if (!promise.tryComplete()) {
        channel.close();
      }
    }

    @Override
    public void badly(OriginHandshake outcome, String detail) {
      leaveTurn();
      String shown = shown(detail);
      tls.count(outcome, SecuredServer.this.toString(), shown);
      OriginTlsException why = failure(outcome, shown);
      failures.failed(address, why, System.nanoTime());
      promise.tryFail(why);
    }

    @Override
    public void givenUp() {
      leaveTurn();
      promise.tryFail(failure(OriginHandshake.ENDED_BY_ORIGIN, "this side closes it"));
    }

    private void leaveTurn() {
      underWay.decrementAndGet();
      leave(place);
    }
  }

  // Some of it is of the other side's making, and goes into the log.
  private static String shown(String detail) {
    String cut =
        detail.length() > DETAIL_CHARS_MAX ? detail.substring(0, DETAIL_CHARS_MAX) : detail;
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private void leave(int place) {
    if (place != NO_PLACE) {
      tls.giveBack(place);
    }
  }

  private void count(Channel channel, @Nullable X509Certificate theirs) {
    AtomicLong counted = theirs == null ? clear : secured;
    counted.incrementAndGet();
    channel.closeFuture().addListener(closed -> counted.decrementAndGet());
    if (theirs == null) {
      tls.count(OriginHandshake.NOT_OFFERED, toString(), "its answer has no STARTTLS");
    } else {
      certificate = CertificateFacts.of(theirs);
      tls.count(OriginHandshake.OK, toString(), "");
    }
  }

  private OriginTlsException failure(OriginHandshake outcome, String detail) {
    return new OriginTlsException(toString(), outcome, detail);
  }

  long secured() {
    return secured.get();
  }

  long clear() {
    return clear.get();
  }

  long underWay() {
    return underWay.get();
  }

  @Nullable CertificateFacts certificate() {
    return certificate;
  }

  @Override
  public String toString() {
    return host + " port " + port;
  }
}
