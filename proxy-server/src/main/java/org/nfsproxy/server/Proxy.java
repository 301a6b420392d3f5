package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.server.admin.AdminListener;
import org.nfsproxy.server.admin.Page;
import org.nfsproxy.server.admin.Pages;
import org.nfsproxy.server.configuration.Admin;
import org.nfsproxy.server.configuration.ConfigurationSource;
import org.nfsproxy.server.configuration.ConfigurationWatch;
import org.nfsproxy.server.configuration.Configured;
import org.nfsproxy.server.configuration.Discovery;
import org.nfsproxy.server.configuration.Listen;
import org.nfsproxy.server.configuration.ProxyConfiguration;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.judge.AllowedPrograms;
import org.nfsproxy.server.judge.Judge;
import org.nfsproxy.server.judge.ParametersPage;
import org.nfsproxy.server.listen.Listeners;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.portmap.PortmapSettings;
import org.nfsproxy.server.portmap.Portmapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running proxy: its listeners, its portmapper if there is one, and its backend. */
// The listeners are open before the backend has looked at the origin: a client that waits for a
// proxy to come back need not wait for that too.
public final class Proxy {
  private static final Logger log = LoggerFactory.getLogger(Proxy.class);

  /** The version of NLM that goes with NFSv3; its locks are refused. */
  private static final int NLM_VERSION = 4;

  private final Backend backend;
  private final Listeners listeners;
  private final Exports exports;
  private final Judge judge;
  private volatile ProxyConfiguration configuration;
  private Portmapper portmapper;
  private AdminListener adminListener;
  private volatile ConfigurationWatch watch;
  private volatile boolean stopping;

  private static ExportsSettings bounds(Discovery discovery) {
    return new ExportsSettings(
        discovery.exportsMax(), discovery.handlesMax(), discovery.refreshMillis());
  }

  private static Collection<String> pathsOf(Rules rules) {
    return rules.rules().stream()
        .filter(rule -> rule.path() != null)
        .map(rule -> rule.path().toString())
        .toList();
  }

  private Proxy(
      ProxyConfiguration configuration,
      Backend backend,
      Listeners listeners,
      Exports exports,
      Judge judge) {
    this.configuration = configuration;
    this.backend = backend;
    this.listeners = listeners;
    this.exports = exports;
    this.judge = judge;
  }

  /**
   * Starts a proxy.
   *
   * @param vertx the runtime
   * @param configured what to serve
   * @return the proxy, which accepts clients; or fails, with nothing left open, and a message for
   *     the administrator
   */
  public static Future<Proxy> start(Vertx vertx, Configured configured) {
    ProxyConfiguration configuration = configured.proxy();
    Backend backend = configured.backend();
    AtomicReference<Judge> judging = new AtomicReference<>();
    Exports exports =
        new Exports(
            vertx,
            backend,
            bounds(configuration.discovery()),
            () -> pathsOf(judging.get().rules()));
    Containment containment =
        new Containment(
            backend, configuration.clusterName(), configuration.listen().portmap().advertise());
    Judge judge =
        new Judge(
            backend,
            exports,
            configuration.exports().rules(),
            containment,
            configuration.calls().unknownOperations(),
            configuration.limits().operationsMax());
    judging.set(judge);
    return Listeners.start(vertx, configuration, backend, judge)
        .recover(failure -> Future.failedFuture(cannotListen(configuration.listen(), failure)))
        .map(listeners -> new Proxy(configuration, backend, listeners, exports, judge))
        .compose(proxy -> proxy.startPortmapper(vertx))
        .compose(proxy -> proxy.startAdmin(vertx))
        .onSuccess(Proxy::startBackend);
  }

  private Future<Proxy> startPortmapper(Vertx vertx) {
    Listen listen = configuration.listen();
    log.info("listening on {} port {}", listen.host(), listeners.port());
    Listen.Portmap portmap = listen.portmap();
    if (!portmap.enabled()) {
      return Future.succeededFuture(this);
    }
    PortmapSettings settings =
        new PortmapSettings(listen.host(), portmap.port(), portmap.advertise(), listeners.port());
    return Portmapper.start(vertx, settings, this::registered)
        .map(
            started -> {
              portmapper = started;
              log.info("portmapper on {} port {}, TCP and UDP", listen.host(), portmap.port());
              return this;
            })
        .recover(failure -> stop().compose(stopped -> Future.failedFuture(failure)));
  }

  // Without it clients are served all the same: two proxies on one machine need not fail for it.
  private Future<Proxy> startAdmin(Vertx vertx) {
    Admin admin = configuration.admin();
    if (!admin.enabled()) {
      return Future.succeededFuture(this);
    }
    Map<String, Page> pages =
        Pages.of(exports::all, export -> ParametersPage.of(export, judge.rules()), () -> !stopping);
    return AdminListener.start(vertx, admin.host(), admin.port(), pages)
        .onSuccess(started -> adminListener = started)
        .map(this)
        .otherwise(this);
  }

  /**
   * What clients reach at our port: the backend's programs, as far as rules allow them anywhere,
   * and NLM's refusals.
   */
  private List<ServedProgram> registered() {
    Rules rules = judge.rules();
    List<ServedProgram> programs =
        new ArrayList<>(new AllowedPrograms().of(backend.programs(), rules));
    if (rules.allowsSomewhere(NfsVersion.V3)) {
      programs.add(new ServedProgram(Programs.NLM, NLM_VERSION, NLM_VERSION));
    }
    return programs;
  }

  private void startBackend() {
    backend
        .start()
        .onComplete(
            started -> {
              if (started.failed()) {
                log.error("the backend did not start: {}", started.cause().getMessage());
              }
              backend.remarks().forEach(remark -> remark.tell(log::warn, log::info));
              exports.start();
            });
  }

  private static IOException cannotListen(Listen listen, Throwable why) {
    String cure =
        switch (String.valueOf(why.getMessage()).replaceAll(".*: ", "")) {
          case "Address already in use" ->
              "; another process has it (ss -ltnp tells which): end that, or set listen.port";
          case "Permission denied" ->
              "; run as root or with CAP_NET_BIND_SERVICE, or set listen.port above 1023";
          case "Cannot assign requested address" ->
              "; set listen.host to an address of this machine";
          default -> "";
        };
    String message =
        "cannot listen on %s port %d: %s%s"
            .formatted(listen.host(), listen.port(), why.getMessage(), cure);
    return cure.isEmpty() ? new IOException(message, why) : new BindException(message);
  }

  /**
   * Takes over what is changed where the configuration comes from, until it stops.
   *
   * @param vertx the runtime
   * @param source where that is
   * @param configured what was read there and started
   */
  public void watch(Vertx vertx, ConfigurationSource source, Configured configured) {
    watch = new ConfigurationWatch(vertx, source, configured, this::adopt);
    watch.start();
  }

  /**
   * Takes over what can be changed while it runs, from the next call on.
   *
   * @param newer what the file says now
   */
  // The paths that new rules name are looked up at once: a rule for a directory inside a
  // filesystem holds as soon as it is known which filesystem that is. A look that is under way may
  // have asked for the old rules' paths already, so another follows it.
  void adopt(ProxyConfiguration newer) {
    configuration = configuration.adopting(newer);
    judge.adopt(configuration.exports().rules(), configuration.calls().unknownOperations());
    listeners.adopt(configuration.limits());
    exports.refresh().onComplete(looked -> exports.refresh());
  }

  /**
   * The port that clients reach.
   *
   * @return the configured one, or what the system chose where that is 0
   */
  public int port() {
    return listeners.port();
  }

  /**
   * Client connections at this moment.
   *
   * @return how many
   */
  public int connections() {
    return listeners.connections();
  }

  /**
   * Bytes of calls that are held at this moment, for all clients together.
   *
   * @return how many
   */
  public long recordBytesHeld() {
    return listeners.recordBytesHeld();
  }

  /**
   * How long calls in flight may take to end when it stops.
   *
   * @return {@code limits.drainMillis}
   */
  public int drainMillis() {
    return configuration.limits().drainMillis();
  }

  /**
   * Stops: accepts nobody, lets calls in flight end for {@code limits.drainMillis}, then closes the
   * rest.
   *
   * @return completes when nothing is open any more
   */
  public Future<Void> stop() {
    Duration grace = Duration.ofMillis(drainMillis());
    stopping = true;
    exports.close();
    Future<Void> unwatched = watch == null ? Future.succeededFuture() : watch.close();
    return unwatched
        .eventually(() -> portmapper == null ? Future.succeededFuture() : portmapper.close())
        .eventually(() -> listeners.drain(grace))
        .eventually(backend::close)
        .eventually(this::closeAdmin);
  }

  private Future<Void> closeAdmin() {
    return adminListener == null ? Future.succeededFuture() : adminListener.close();
  }
}
