package org.nfsproxy.server.listen;

import io.netty.util.internal.PlatformDependent;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.configuration.Limits;
import org.nfsproxy.server.configuration.Listen;
import org.nfsproxy.server.configuration.ListenTls;
import org.nfsproxy.server.configuration.ProxyConfiguration;
import org.nfsproxy.server.configuration.ProxyProtocol;
import org.nfsproxy.server.judge.Judge;
import org.nfsproxy.server.metrics.Meters;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.socket.InheritedSocket;
import org.nfsproxy.server.socket.InheritedSockets;
import org.nfsproxy.server.tls.HandshakeBounds;
import org.nfsproxy.server.tls.HandshakeCounts;
import org.nfsproxy.server.tls.ServerTls;

/** The listener verticles of a proxy, and the workers behind them. */
public final class Listeners {
  /**
   * For Vert.x any free port, the same one for all verticles that ask for this number; 0 is one for
   * each.
   */
  private static final int ANY_PORT_FOR_CLIENTS = -1;

  private static final int ANY_PORT_FOR_BALANCERS = -2;

  private final Workers workers;
  private final Listening listening;
  private final List<ListenerVerticle> verticles = new ArrayList<>();
  private final List<ListenerVerticle> balancerVerticles = new ArrayList<>();

  private Listeners(
      ProxyConfiguration configuration,
      Backend backend,
      Judge judge,
      @Nullable ServerTls tls,
      @Nullable Meters meters) {
    this.workers = new Workers(configuration.workers());
    this.listening =
        new Listening(
            backend,
            judge,
            workers,
            configuration.calls(),
            configuration.limits(),
            configuration.drain(),
            RecordMemory.within(configuration.limits(), PlatformDependent.maxDirectMemory()),
            new WholeOnly(),
            new ConnectionCount(
                configuration.limits().connectionsMax(),
                configuration.limits().connectionsPerClientMax()),
            new Closes(),
            new CoarseClock(),
            tls == null ? null : tls(configuration.listen().tls(), tls),
            meters);
  }

  private static TlsListening tls(ListenTls settings, ServerTls server) {
    return new TlsListening(
        server,
        new HandshakeBounds(settings.handshakesMax(), settings.handshakesPerClientMax()),
        new HandshakeCounts());
  }

  /**
   * Begins to accept clients.
   *
   * @param configuration where to listen, how many verticles and workers, and the bounds
   * @param backend where calls go
   * @param tls TLS towards clients; null if there is none
   * @param meters what counts them; null if nothing does
   * @return the listeners; failed if the port cannot be had, with nothing left open
   */
  public static Future<Listeners> start(
      Vertx vertx,
      ProxyConfiguration configuration,
      Backend backend,
      Judge judge,
      @Nullable ServerTls tls,
      @Nullable Meters meters) {
    Listen listen = configuration.listen();
    ProxyProtocol balancers = listen.proxyProtocol();
    InheritedSockets inherited;
    List<InheritedSocket> ofClients;
    List<InheritedSocket> ofBalancers = List.of();
    try {
      inherited = InheritedSockets.of(vertx);
      ofClients = inherited.named(InheritedSockets.CLIENTS, "listen", listen.host(), listen.port());
      if (balancers.enabled()) {
        ofBalancers =
            inherited.named(
                InheritedSockets.BALANCERS,
                "listen.proxyProtocol",
                balancers.host(),
                balancers.port());
      } else {
        inherited.refuse(InheritedSockets.BALANCERS, "listen.proxyProtocol.port");
      }
    } catch (IOException notThose) {
      return Future.failedFuture(notThose);
    }
    Listeners listeners = new Listeners(configuration, backend, judge, tls, meters);
    DeploymentOptions instances = new DeploymentOptions().setInstances(configuration.listeners());
    List<InheritedSocket> forBalancers = ofBalancers;
    return listeners
        .startForClients(vertx, listen, instances, ofClients)
        .compose(
            deployed ->
                listeners
                    .startForBalancers(vertx, balancers, instances, forBalancers)
                    .recover(
                        failure ->
                            undeploy(vertx, deployed)
                                .transform(
                                    gone ->
                                        Future.failedFuture(new BalancerPortException(failure)))))
        .<Listeners>map(deployed -> listeners)
        .onSuccess(started -> inherited.accept())
        .onFailure(failed -> listeners.workers.close());
  }

  private Future<List<String>> startForClients(
      Vertx vertx, Listen listen, DeploymentOptions instances, List<InheritedSocket> inherited) {
    int port = listen.port() == 0 ? ANY_PORT_FOR_CLIENTS : listen.port();
    return deploy(
        vertx,
        instances,
        inherited,
        socket ->
            add(verticles, ListenerVerticle.forClients(listening, listen.host(), port, socket)));
  }

  private Future<List<String>> startForBalancers(
      Vertx vertx,
      ProxyProtocol balancers,
      DeploymentOptions instances,
      List<InheritedSocket> inherited) {
    if (!balancers.enabled()) {
      return Future.succeededFuture(List.of());
    }
    int port = balancers.port() == 0 ? ANY_PORT_FOR_BALANCERS : balancers.port();
    return deploy(
        vertx,
        instances,
        inherited,
        socket ->
            add(
                balancerVerticles,
                ListenerVerticle.forBalancers(listening, balancers, port, socket)));
  }

  // For each socket that was handed over as many verticles as for one that is opened here.
  private static Future<List<String>> deploy(
      Vertx vertx,
      DeploymentOptions instances,
      List<InheritedSocket> inherited,
      Function<@Nullable InheritedSocket, ListenerVerticle> verticle) {
    Future<List<String>> deployed = Future.succeededFuture(List.of());
    if (inherited.isEmpty()) {
      return vertx.deployVerticle(() -> verticle.apply(null), instances).map(List::of);
    }
    for (InheritedSocket socket : inherited) {
      deployed =
          deployed.compose(
              before ->
                  vertx
                      .deployVerticle(() -> verticle.apply(socket), instances)
                      .map(one -> Stream.concat(before.stream(), Stream.of(one)).toList()));
    }
    return deployed;
  }

  private static Future<?> undeploy(Vertx vertx, List<String> deployed) {
    return Future.join(deployed.stream().map(vertx::undeploy).toList());
  }

  /** The port for balancers cannot be had. */
  public static final class BalancerPortException extends IOException {
    private static final long serialVersionUID = 1L;

    BalancerPortException(Throwable why) {
      super(Reason.of(why), why);
    }
  }

  private static ListenerVerticle add(List<ListenerVerticle> verticles, ListenerVerticle one) {
    verticles.add(one);
    return one;
  }

  private Stream<ListenerVerticle> all() {
    return Stream.concat(verticles.stream(), balancerVerticles.stream());
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
   * The port that balancers reach.
   *
   * @return the configured one, or what the system chose; -1 if there is none
   */
  public int proxyProtocolPort() {
    return balancerVerticles.isEmpty() ? -1 : balancerVerticles.get(0).port();
  }

  /**
   * The clients that are connected.
   *
   * @return each as it was a moment ago
   */
  public List<ConnectedClient> clients() {
    return connected().map(ClientConnection::seen).toList();
  }

  private Stream<ClientConnection> connected() {
    return all().flatMap(verticle -> verticle.connections().stream());
  }

  /**
   * Closes some connections, chosen at random, each at a moment with nothing in flight, one after
   * the other; those that are being closed already count for nothing.
   *
   * @param share of the connections, above 0 and up to 1
   * @param drainMillis how long the calls in flight of each may take to end
   */
  public int shed(double share, int drainMillis) {
    List<ClientConnection> leaving =
        connected().filter(each -> !each.isLeaving()).collect(Collectors.toList());
    Collections.shuffle(leaving);
    int count = (int) Math.round(share * leaving.size());
    drain(leaving.subList(0, count), drainMillis);
    return count;
  }

  /**
   * Closes certain connections, each at a moment with nothing in flight, one after the other; those
   * that are being closed already count for nothing.
   *
   * @param which whether a connection is one of them
   * @param drainMillis how long the calls in flight of each may take to end
   */
  public int close(Predicate<ConnectedClient> which, int drainMillis) {
    List<ClientConnection> leaving =
        connected().filter(each -> !each.isLeaving() && which.test(each.seen())).toList();
    drain(leaving, drainMillis);
    return leaving.size();
  }

  private void drain(List<ClientConnection> leaving, int drainMillis) {
    int count = leaving.size();
    int spreadMillis = listening.drain().spreadMillis(count);
    for (int i = 0; i < count; i++) {
      leaving.get(i).drainLater((long) spreadMillis * i / count, Math.max(1, drainMillis));
    }
  }

  /** Client connections at this moment. */
  public int connections() {
    return listening.connections().all();
  }

  /**
   * Why connections of clients and balancers were closed.
   *
   * @return how often since the start, by reason
   */
  public Map<String, Long> closes() {
    return listening.closes().numbers();
  }

  /**
   * What became of TLS handshakes.
   *
   * @return how often since the start, by outcome; empty where there is no TLS
   */
  public Map<String, Long> handshakes() {
    TlsListening tls = listening.tls();
    return tls == null ? Map.of() : tls.counts().numbers();
  }

  /** TLS handshakes that are under way at this moment. */
  public int handshakesUnderWay() {
    TlsListening tls = listening.tls();
    return tls == null ? 0 : tls.bounds().underWay();
  }

  /**
   * How the connections of this moment are protected.
   *
   * @return how many there are, by transport
   */
  public Map<TransportSecurity, Long> transports() {
    Map<TransportSecurity, Long> counts = new EnumMap<>(TransportSecurity.class);
    for (TransportSecurity each : TransportSecurity.values()) {
      counts.put(each, 0L);
    }
    connected().forEach(each -> counts.merge(each.transport(), 1L, Long::sum));
    return counts;
  }

  /** Calls without a reply at this moment, for all clients together. */
  public long callsInFlight() {
    return connected().mapToLong(ClientConnection::callsInFlight).sum();
  }

  /** Bytes of calls that are held at this moment, for all clients together. */
  public long recordBytesHeld() {
    return listening.recordMemory().bytes();
  }

  /**
   * Stops accepting, and closes each connection when its calls in flight have their replies.
   *
   * @param grace after which the rest is closed all the same; connections are closed over {@code
   *     drain.spreadMillis}, and the grace begins with the last
   * @return completes when no connection is left
   */
  public Future<Void> drain(Duration grace) {
    List<Future<Void>> drained = new ArrayList<>();
    Duration all = grace.plusMillis(listening.drain().spreadMillis(connections()));
    all().forEach(verticle -> drained.add(verticle.drain(all)));
    return Future.join(drained).<Void>mapEmpty().eventually(() -> closeWorkers());
  }

  private Future<Void> closeWorkers() {
    workers.close();
    return Future.succeededFuture();
  }
}
