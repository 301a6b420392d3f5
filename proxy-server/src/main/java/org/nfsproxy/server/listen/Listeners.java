package org.nfsproxy.server.listen;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.server.configuration.Limits;
import org.nfsproxy.server.configuration.Listen;
import org.nfsproxy.server.configuration.ProxyConfiguration;
import org.nfsproxy.server.judge.Judge;

/** The listener verticles of a proxy, and the workers behind them. */
public final class Listeners {
  /**
   * For Vert.x any free port, the same one for all verticles of a deployment; 0 is one for each.
   */
  private static final int ANY_PORT_SHARED = -1;

  private final Workers workers;
  private final Listening listening;
  private final List<ListenerVerticle> verticles = new ArrayList<>();

  private Listeners(ProxyConfiguration configuration, Backend backend, Judge judge) {
    this.workers = new Workers(configuration.workers());
    this.listening =
        new Listening(
            backend,
            judge,
            workers,
            configuration.calls().judgeOn(),
            configuration.limits(),
            new RecordMemory(configuration.limits().recordMemoryBytesMax()),
            new ConnectionCount(
                configuration.limits().connectionsMax(),
                configuration.limits().connectionsPerClientMax()),
            new CoarseClock());
  }

  /**
   * Begins to accept clients.
   *
   * @param vertx the runtime
   * @param configuration where to listen, how many verticles and workers, and the bounds
   * @param backend where calls go
   * @param judge decides about them
   * @return the listeners; failed if the port cannot be had, with nothing left open
   */
  public static Future<Listeners> start(
      Vertx vertx, ProxyConfiguration configuration, Backend backend, Judge judge) {
    Listeners listeners = new Listeners(configuration, backend, judge);
    Listen listen = configuration.listen();
    int port = listen.port() == 0 ? ANY_PORT_SHARED : listen.port();
    Supplier<ListenerVerticle> verticles =
        () -> listeners.add(new ListenerVerticle(listeners.listening, listen.host(), port));
    return vertx
        .deployVerticle(verticles, new DeploymentOptions().setInstances(configuration.listeners()))
        .map(listeners)
        .onFailure(failed -> listeners.workers.close());
  }

  private ListenerVerticle add(ListenerVerticle verticle) {
    verticles.add(verticle);
    return verticle;
  }

  /**
   * Takes other bounds of connections. Who is connected already, stays.
   *
   * @param limits of these, {@code connectionsMax} and {@code connectionsPerClientMax}
   */
  public void adopt(Limits limits) {
    listening.connections().bound(limits.connectionsMax(), limits.connectionsPerClientMax());
  }

  /**
   * The port that is listened on.
   *
   * @return the configured one, or what the system chose where that is 0
   */
  public int port() {
    return verticles.get(0).port();
  }

  /**
   * Client connections at this moment.
   *
   * @return how many
   */
  public int connections() {
    return listening.connections().all();
  }

  /**
   * Bytes of calls that are held at this moment, for all clients together.
   *
   * @return how many
   */
  public long recordBytesHeld() {
    return listening.recordMemory().bytes();
  }

  /**
   * Stops accepting, and closes each connection when its calls in flight have their replies.
   *
   * @param grace after which the rest is closed all the same
   * @return completes when no connection is left
   */
  public Future<Void> drain(Duration grace) {
    List<Future<Void>> drained = new ArrayList<>();
    verticles.forEach(verticle -> drained.add(verticle.drain(grace)));
    return Future.join(drained).<Void>mapEmpty().eventually(() -> closeWorkers());
  }

  private Future<Void> closeWorkers() {
    workers.close();
    return Future.succeededFuture();
  }
}
