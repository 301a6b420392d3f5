package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.access.TokenFile;
import org.nfsproxy.server.cache.Neighbourhood;
import org.nfsproxy.server.cache.Purged;
import org.nfsproxy.server.cache.Shelf;
import org.nfsproxy.server.cache.fleet.NeighbourBounds;
import org.nfsproxy.server.cache.fleet.Neighbours;
import org.nfsproxy.server.cluster.InstanceLink;
import org.nfsproxy.server.cluster.InstanceName;
import org.nfsproxy.server.configuration.NeighbourSettings;
import org.nfsproxy.server.configuration.ProxyConfiguration;
import org.nfsproxy.server.configuration.ThisMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the start of a proxy has to do with data that instances serve each other. */
// Clients are served all the same where it cannot begin, and it is tried again: the port may be
// that of an instance that is just ending.
final class NeighboursStart {
  private static final int AGAIN_MILLIS = 15_000;

  private static final Logger log = LoggerFactory.getLogger(NeighboursStart.class);

  private final Vertx vertx;
  private final NeighbourSettings settings;
  private final Neighbours.Self self;
  private final Shelf shelf;
  private final InstanceLink link;
  private final Consumer<Neighbourhood> begun;
  private boolean isClosed;
  private volatile @Nullable Neighbours neighbours;

  private NeighboursStart(
      Vertx vertx,
      NeighbourSettings settings,
      Neighbours.Self self,
      Shelf shelf,
      InstanceLink link,
      Consumer<Neighbourhood> begun) {
    this.vertx = vertx;
    this.settings = settings;
    this.self = self;
    this.shelf = shelf;
    this.link = link;
    this.begun = begun;
  }

  /**
   * Begins, where it is on.
   *
   * @param shelf what this instance has; null where there is no cache
   * @param begun told when others can be asked
   * @return completes with null where it is off; fails if the secret cannot be read
   */
  static Future<@Nullable NeighboursStart> of(
      Vertx vertx,
      ProxyConfiguration configuration,
      Backend backend,
      @Nullable Shelf shelf,
      InstanceLink link,
      Consumer<Neighbourhood> begun) {
    NeighbourSettings settings = configuration.cache().neighbours();
    if (shelf == null || !settings.enabled() || !configuration.cluster().enabled()) {
      return Future.succeededFuture();
    }
    return vertx
        .executeBlocking(
            () -> TokenFile.readSecret("cache.neighbours.secretFile", settings.secretFile()))
        .map(
            secret -> {
              Neighbours.Self self =
                  new Neighbours.Self(
                      InstanceName.of(configuration.cluster()),
                      backend.origin(),
                      secret.getBytes(StandardCharsets.US_ASCII));
              NeighboursStart start =
                  new NeighboursStart(vertx, settings, self, shelf, link, begun);
              start.tryIt();
              return start;
            });
  }

  private void tryIt() {
    vertx
        .executeBlocking(() -> address(settings.host()))
        .compose(
            own ->
                Neighbours.start(
                    vertx, self, own, settings.port(), bounds(settings), shelf, System::nanoTime))
        .onSuccess(this::started)
        .onFailure(this::failed);
  }

  private static String address(String host) throws IOException {
    InetAddress own = ThisMachine.now().addressIn(host);
    if (own == null) {
      throw new IOException(
          "this machine has no such address: set cache.neighbours.host to one of its own, or to a"
              + " network that it has one in");
    }
    return own.getHostAddress();
  }

  private synchronized void started(Neighbours made) {
    if (isClosed) {
      made.close();
      return;
    }
    neighbours = made;
    link.joined().onSuccess(made::join);
    begun.accept(made);
  }

  private synchronized void failed(Throwable why) {
    if (!isClosed) {
      log.warn(
          "cache: other instances cannot ask this one at {} port {}: {}. It is tried again in {} s",
          settings.host(),
          settings.port(),
          Reason.of(why),
          AGAIN_MILLIS / 1000);
      vertx.setTimer(AGAIN_MILLIS, timer -> again());
    }
  }

  private synchronized void again() {
    if (!isClosed) {
      tryIt();
    }
  }

  private static NeighbourBounds bounds(NeighbourSettings settings) {
    return new NeighbourBounds(
        TimeUnit.MILLISECONDS.toNanos(settings.answerMillis()),
        TimeUnit.MILLISECONDS.toNanos(settings.waitMillis()),
        settings.asksMax(),
        settings.unsentBytesMax(),
        settings.putBytesMax(),
        settings.instancesMax());
  }

  /** What is counted; nothing where it is off, or has not begun. */
  static List<Measure> measures(@Nullable NeighboursStart start) {
    Neighbours now = start == null ? null : start.neighbours;
    return now == null ? List.of() : now.measures();
  }

  /**
   * Has all instances forget what they have read.
   *
   * @return what each said, this one first
   */
  Future<List<Purged>> purge() {
    Neighbours now = neighbours;
    if (now != null) {
      return now.purge();
    }
    String why = "other instances and this one are not connected yet: see the log";
    return vertx
        .executeBlocking(shelf::purge, false)
        .map(bytes -> List.of(Purged.of(self.instance(), bytes), Purged.not("all others", why)));
  }

  /** Stops. */
  synchronized Future<Void> close() {
    isClosed = true;
    Neighbours now = neighbours;
    return now == null ? Future.succeededFuture() : now.close();
  }
}
