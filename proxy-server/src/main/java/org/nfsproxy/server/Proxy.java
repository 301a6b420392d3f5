package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.LockOrigin;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.Reachability;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.admin.Action;
import org.nfsproxy.server.admin.AdminListener;
import org.nfsproxy.server.admin.CachePages;
import org.nfsproxy.server.admin.CapturePages;
import org.nfsproxy.server.admin.ClusterPage;
import org.nfsproxy.server.admin.CountedRow;
import org.nfsproxy.server.admin.ExportNames;
import org.nfsproxy.server.admin.FleetPages;
import org.nfsproxy.server.admin.Guard;
import org.nfsproxy.server.admin.LiveEvents;
import org.nfsproxy.server.admin.LockPages;
import org.nfsproxy.server.admin.LogLevelPages;
import org.nfsproxy.server.admin.MetricsPage;
import org.nfsproxy.server.admin.OtlpPush;
import org.nfsproxy.server.admin.Page;
import org.nfsproxy.server.admin.Pages;
import org.nfsproxy.server.admin.RulesPage;
import org.nfsproxy.server.admin.WarmPages;
import org.nfsproxy.server.audit.AuditLog;
import org.nfsproxy.server.cache.CachedReads;
import org.nfsproxy.server.cache.ReadAheadThread;
import org.nfsproxy.server.cache.ReadCache;
import org.nfsproxy.server.cache.ReadsByExport;
import org.nfsproxy.server.cache.disk.DiskCache;
import org.nfsproxy.server.capture.Captures;
import org.nfsproxy.server.cli.Logging;
import org.nfsproxy.server.cluster.InstanceLink;
import org.nfsproxy.server.cluster.InstanceName;
import org.nfsproxy.server.configuration.Admin;
import org.nfsproxy.server.configuration.CacheSettings;
import org.nfsproxy.server.configuration.ConfigurationSource;
import org.nfsproxy.server.configuration.ConfigurationWatch;
import org.nfsproxy.server.configuration.Configured;
import org.nfsproxy.server.configuration.DiscoverySettings;
import org.nfsproxy.server.configuration.Drain;
import org.nfsproxy.server.configuration.Listen;
import org.nfsproxy.server.configuration.LogSettings;
import org.nfsproxy.server.configuration.MarkName;
import org.nfsproxy.server.configuration.MetricsSettings;
import org.nfsproxy.server.configuration.ProxyConfiguration;
import org.nfsproxy.server.configuration.TlsMode;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.containment.SessionRoom;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.exports.QuestionBounds;
import org.nfsproxy.server.judge.AllowedPrograms;
import org.nfsproxy.server.judge.Judge;
import org.nfsproxy.server.judge.KeptByRules;
import org.nfsproxy.server.judge.LockVerdicts;
import org.nfsproxy.server.judge.ParametersPage;
import org.nfsproxy.server.judge.RuleMatches;
import org.nfsproxy.server.listen.Listeners;
import org.nfsproxy.server.live.LiveNumbers;
import org.nfsproxy.server.live.LiveSources;
import org.nfsproxy.server.locks.LockService;
import org.nfsproxy.server.metrics.MeterBounds;
import org.nfsproxy.server.metrics.Meters;
import org.nfsproxy.server.metrics.SlowCallLog;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.RulePaths;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.portmap.PortmapSettings;
import org.nfsproxy.server.portmap.Portmapper;
import org.nfsproxy.server.refusals.RefusalCounts;
import org.nfsproxy.server.refusals.RefusalLog;
import org.nfsproxy.server.refusals.RefusalTrace;
import org.nfsproxy.server.socket.BindFailure;
import org.nfsproxy.server.socket.ListeningPlace;
import org.nfsproxy.server.tls.ServerTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running proxy: its listeners, its portmapper if there is one, and its backend. */
// The listeners are open before the backend has looked at the origin: a client that waits for a
// proxy to come back need not wait for that too.
public final class Proxy {
  private static final Logger log = LoggerFactory.getLogger(Proxy.class);

  /** The version of NLM that goes with NFSv3; its locks are refused. */
  private static final int NLM_VERSION = 4;

  /** Rates are of so long a stretch. */
  private static final int LOOK_MILLIS = 10_000;

  private final Vertx vertx;
  private final Backend backend;
  private final Listeners listeners;
  private final Exports exports;
  private final InstanceLink link;
  private final Draining draining;
  private final InstancePage instancePage;
  private final Judge judge;
  private final Promise<Void> firstLook;
  private final @Nullable ServerTls tls;
  private final @Nullable Meters meters;
  private final SlowCallLog slowCalls;
  private final @Nullable Captures captures;
  private volatile ProxyConfiguration configuration;
  private @Nullable AuditLog audit;
  private @Nullable ReadCache cache;
  private @Nullable NeighboursStart neighbours;
  private @Nullable ReadAheadThread readAhead;
  private ReadsByExport cacheReads = new ReadsByExport(0);
  private @Nullable DiskCache cacheDisk;
  private Guard guard = Guard.NONE;
  private @Nullable Portmapper portmapper;
  private @Nullable LockService lockService;
  private @Nullable AdminListener adminListener;
  private @Nullable OtlpPush otlp;
  private final Promise<Void> backendStarted = Promise.promise();
  private volatile @Nullable ConfigurationWatch watch;
  private volatile boolean stopping;
  private volatile boolean hasMetNothing;
  private final ToldOnce toldOfRules = new ToldOnce();
  private final ToldOnce toldOfPaths = new ToldOnce();

  private static ExportsSettings bounds(DiscoverySettings discovery) {
    return new ExportsSettings(
        discovery.exportsMax(),
        discovery.handlesMax(),
        discovery.refreshMillis(),
        new QuestionBounds(
            discovery.questionsMax(),
            discovery.questionsPerClientMax(),
            discovery.questionsPerConnectionMax()));
  }

  // A filesystem that a rule names may be anywhere below the root; what nobody can place is held to
  // that rule.
  private static Collection<String> pathsOf(Rules rules) {
    return rules.rules().stream()
        .map(rule -> rule.path() == null ? "/" : rule.path().toString())
        .toList();
  }

  private static Rules inForce(@Nullable Judge judge, ProxyConfiguration configuration) {
    return judge == null ? configuration.exports().rules() : judge.rules();
  }

  private Proxy(
      Vertx vertx,
      ProxyConfiguration configuration,
      Backend backend,
      Listeners listeners,
      Exports exports,
      Judge judge,
      Promise<Void> firstLook,
      InstanceLink link,
      @Nullable ServerTls tls,
      @Nullable Meters meters) {
    String instance = InstanceName.of(configuration.cluster());
    this.link = link;
    this.draining = new Draining(vertx, configuration.drain().noticeMillis(), this::shed);
    this.instancePage = new InstancePage(instance, backend, listeners, tls, () -> guard);
    log.info("instance {}", instance);
    tellMarkName(configuration.markName(), backend);
    this.vertx = vertx;
    this.configuration = configuration;
    this.backend = backend;
    this.listeners = listeners;
    this.exports = exports;
    this.judge = judge;
    this.firstLook = firstLook;
    this.tls = tls;
    this.meters = meters;
    vertx.setPeriodic(configuration.log().refusalMillis(), timer -> tellPeriod());
    this.slowCalls = new SlowCallLog(configuration.log().slowCallLinesMax());
    this.captures =
        meters == null ? null : AuditStart.captures(vertx, meters, configuration, exports);
    if (meters != null) {
      meters.watch(new CallNotices(vertx, exports::numbered, judge::rules, slowCalls));
      meters.slowFrom(configuration.log().slowCallNanos());
      vertx.setPeriodic(LOOK_MILLIS, timer -> look(vertx, meters));
    }
  }

  private static @Nullable Meters meters(MetricsSettings settings) {
    return settings.enabled()
        ? new Meters(
            new MeterBounds(
                settings.clients(),
                settings.exports(),
                settings.pairs(),
                settings.pairsPerClient()))
        : null;
  }

  private static RefusalTrace refusals(LogSettings settings, Map<String, String> notOfTheFile) {
    return new RefusalTrace(
        new RefusalLog(settings.refusalLinesMax()), new RefusalCounts(), notOfTheFile);
  }

  private void tellPeriod() {
    long seconds = TimeUnit.MILLISECONDS.toSeconds(configuration.log().refusalMillis());
    judge.refusals().log().periodIsOver(seconds);
    if (hasMetNothing && !stopping) {
      warnOfRulePaths();
    }
    slowCalls.periodIsOver(seconds);
  }

  private static void look(Vertx vertx, Meters meters) {
    vertx
        .executeBlocking(
            () -> {
              meters.look();
              return null;
            },
            false)
        .onFailure(bug -> log.error("what flows a second could not be worked out", bug));
  }

  /**
   * Starts a proxy.
   *
   * @return the proxy, which accepts clients; or fails, with nothing left open, and a message for
   *     the administrator
   */
  public static Future<Proxy> start(Vertx vertx, Configured configured) {
    return TlsStart.of(vertx, configured.proxy())
        .compose(
            tls ->
                AdminStart.of(vertx, configured.proxy())
                    .compose(
                        guard ->
                            start(vertx, configured, tls.orElse(null), guard)
                                .onFailure(failed -> guard.close()))
                    .onFailure(failed -> tls.ifPresent(ServerTls::close)));
  }

  private static Future<Proxy> start(
      Vertx vertx, Configured configured, @Nullable ServerTls tls, Guard guard) {
    ProxyConfiguration configuration = configured.proxy();
    Backend backend = configured.backend();
    AtomicReference<Judge> judging = new AtomicReference<>();
    DiscoverySettings discovery = configuration.discovery();
    InstanceLink link =
        InstanceLink.begin(
            vertx,
            configuration.cluster(),
            configuration.cluster().pageOf(configuration.admin()),
            backend.origin(),
            discovery.exportsMax());
    Exports exports =
        new Exports(
            vertx,
            backend,
            bounds(discovery),
            () -> pathsOf(inForce(judging.get(), configuration)),
            link.peers());
    Containment containment =
        new Containment(
            backend,
            configuration.markName().text(),
            configuration.listen().portmap().advertise(),
            SessionRoom.of(configuration.calls().verifiesMax(), configuration.cache().enabled()));
    Judge judge =
        new Judge(
            backend,
            exports,
            configuration.exports().rules(),
            containment,
            configuration.calls().unknownOperations(),
            configuration.limits().operationsMax(),
            configuration.calls().verifiesMax(),
            refusals(configuration.log(), configured.notOfTheFile()));
    judging.set(judge);
    ReadsByExport cacheReads = new ReadsByExport(configuration.metrics().exports());
    DiskCache cacheDisk;
    try {
      cacheDisk = CacheStart.disk(configuration.cache(), backend);
    } catch (IOException unfit) {
      return link.stop().compose(stopped -> Future.failedFuture(unfit));
    }
    ReadCache cache =
        CacheStart.of(configuration.cache(), configuration.limits(), backend, cacheDisk);
    ReadAheadThread readAhead = new ReadAheadThread();
    CachedReads reads =
        cache == null
            ? null
            : CacheStart.reads(configuration.cache(), cache, cacheReads, backend, readAhead);
    if (reads != null) {
      judge.readThrough(reads);
    }
    if (configuration.listen().tls().mode() == TlsMode.REQUIRE) {
      judge.requireTls();
    }
    Promise<Void> firstLook = Promise.promise();
    judge.waitFor(firstLook.future());
    Meters meters = meters(configuration.metrics());
    AuditLog audit;
    try {
      audit = AuditStart.start(configuration.audit(), exports);
    } catch (IOException unfit) {
      return link.stop()
          .eventually(() -> closeCacheDisk(vertx, cacheDisk))
          .compose(stopped -> Future.failedFuture(unfit));
    }
    if (meters != null && audit != null) {
      meters.tell(audit);
    }
    return Listeners.start(vertx, configuration, backend, judge, tls, meters)
        .recover(
            failure ->
                link.stop()
                    .compose(
                        stopped ->
                            Future.failedFuture(cannotListen(configuration.listen(), failure))))
        .map(
            listeners ->
                new Proxy(
                    vertx,
                    configuration,
                    backend,
                    listeners,
                    exports,
                    judge,
                    firstLook,
                    link,
                    tls,
                    meters))
        .onSuccess(proxy -> proxy.audit = audit)
        .onSuccess(proxy -> proxy.cache = cache)
        .onSuccess(proxy -> proxy.readAhead = readAhead)
        .onSuccess(proxy -> proxy.cacheReads = cacheReads)
        .onSuccess(proxy -> proxy.cacheDisk = cacheDisk)
        .onSuccess(proxy -> proxy.guard = guard)
        .onFailure(failure -> closeAudit(vertx, audit))
        .onFailure(failure -> closeCacheDisk(vertx, cacheDisk))
        .compose(proxy -> proxy.startNeighbours(reads))
        .compose(proxy -> proxy.startLocks(vertx))
        .compose(proxy -> proxy.startPortmapper(vertx))
        .compose(proxy -> proxy.startAdmin(vertx))
        .onSuccess(Proxy::startBackend);
  }

  private Future<Proxy> startNeighbours(@Nullable CachedReads reads) {
    if (cache == null || reads == null) {
      return Future.succeededFuture(this);
    }
    return NeighboursStart.of(vertx, configuration, backend, cache.shelf(), link, reads::askFirst)
        .map(
            started -> {
              neighbours = started;
              return this;
            })
        .recover(failure -> stop().compose(stopped -> Future.failedFuture(failure)));
  }

  // Before the portmapper, which tells where they are.
  private Future<Proxy> startLocks(Vertx vertx) {
    LocksStart.tell(configuration, backend);
    Optional<LockOrigin> origin = backend.lockOrigin();
    if (!configuration.locks().enabled() || origin.isEmpty()) {
      return Future.succeededFuture(this);
    }
    String page = configuration.cluster().pageOf(configuration.admin());
    return LocksStart.instances(vertx, configuration, link, page)
        .compose(
            instances ->
                LockService.start(
                    vertx,
                    LocksStart.settings(configuration),
                    origin.get(),
                    new LockVerdicts(judge, exports),
                    instances))
        .map(
            started -> {
              lockService = started;
              return this;
            })
        .recover(failure -> stop().compose(stopped -> Future.failedFuture(failure)));
  }

  private Future<Proxy> startPortmapper(Vertx vertx) {
    Listen listen = configuration.listen();
    log.info("listening on {} port {}", listen.host(), listeners.port());
    if (listen.proxyProtocol().enabled()) {
      log.info(
          "listening for balancers, with PROXY protocol, on {} port {}",
          listen.proxyProtocol().host(),
          listeners.proxyProtocolPort());
    }
    Listen.Portmap portmap = listen.portmap();
    if (!portmap.enabled()) {
      return Future.succeededFuture(this);
    }
    PortmapSettings settings =
        new PortmapSettings(listen.host(), portmap.port(), portmap.advertise(), listeners.port());
    return Portmapper.start(vertx, settings, this::registered, LocksStart.placed(lockService))
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
    MetricsPage metrics = MetricsPage.of(metricsSources());
    otlp = OtlpPush.start(vertx, configuration.metrics().otlp(), metrics);
    if (!admin.enabled()) {
      return Future.succeededFuture(this);
    }
    Map<String, Page> pages =
        new HashMap<>(
            Pages.of(
                exports::all,
                export -> ParametersPage.of(export, judge.rules()),
                () -> CountedRow.ofExports(meters, exports),
                exports::told,
                told -> ParametersPage.of(told, judge.rules()),
                () -> new JsonObject(judge.containment().counts().numbers()),
                this::isReady,
                backend::fault,
                this::silence));
    pages.put("/health/cluster", ClusterPage.of(link.report()));
    pages.put("/locks", LockPages.page(lockService, exports));
    pages.put("/log/levels", LogLevelPages.page(Logging.levels()));
    pages.put("/cache", CachePages.page(cache, this::cacheMeasures, this::cacheRows));
    WarmPages warm = warmPages();
    pages.put("/cache/warm", warm.page());
    pages.put("/capture", CapturePages.page(captures));
    pages.put("/metrics", metrics);
    pages.put("/rules", RulesPage.of(judge::rules, exports::all, judge.refusals().counts()));
    pages.putAll(
        FleetPages.pages(
            () -> instancePage.json(isReady()), listeners::clients, CountedRow.ofClients(meters)));
    Map<String, Action> actions = actions();
    actions.put("/cache/warm", warm.begin());
    actions.put("/cache/warm/stop", warm.stop());
    return AdminListener.start(vertx, admin, pages, actions, liveEvents(admin), guard)
        .onSuccess(started -> adminListener = started)
        .map(this)
        .otherwise(this);
  }

  private WarmPages warmPages() {
    CacheSettings settings = configuration.cache();
    return new WarmPages(
        CacheStart.warming(
            settings, cache, cacheDisk, new KeptByRules(judge, exports), backend, readAhead),
        CacheStart.whyNotWarm(settings, cache),
        () -> servedVersions());
  }

  private List<Measure> cacheMeasures() {
    return Stream.of(CacheStart.measures(cache, cacheDisk), NeighboursStart.measures(neighbours))
        .flatMap(List::stream)
        .toList();
  }

  private List<ReadsByExport.Row> cacheRows() {
    return cacheReads.rows(ExportNames.of(exports::numbered));
  }

  private @Nullable LiveEvents liveEvents(Admin admin) {
    if (meters == null) {
      return null;
    }
    Page cluster = ClusterPage.of(link.report());
    LiveSources sources =
        new LiveSources(
            meters,
            () -> ExportNames.of(exports::numbered),
            judge.refusals(),
            slowCalls.recent(),
            () -> instancePage.json(isReady()),
            () -> (JsonObject) cluster.answer().json(),
            listeners::callsInFlight);
    LiveNumbers numbers =
        new LiveNumbers(sources, admin.page().rowsMax(), Clock.systemUTC(), System::nanoTime);
    return LiveEvents.of(vertx, admin.page(), numbers::look, numbers::forget);
  }

  private MetricsPage.Sources metricsSources() {
    return new MetricsPage.Sources(
        meters,
        exports,
        () ->
            Stream.of(
                    backend.measures(),
                    AuditStart.measures(audit),
                    cacheMeasures(),
                    ReadsByExport.measures(cacheRows()),
                    LocksStart.measures(lockService))
                .flatMap(List::stream)
                .toList(),
        listeners::connections,
        listeners::closes,
        tls == null ? null : tlsNumbers(tls),
        guard.tls(),
        listeners::callsInFlight,
        listeners::recordBytesHeld,
        this::isReady,
        () -> judge.containment().counts().numbers(),
        judge.refusals().counts(),
        link.report(),
        InstancePage.version(),
        InstanceName.of(configuration.cluster()));
  }

  private MetricsPage.Tls tlsNumbers(ServerTls shown) {
    return new MetricsPage.Tls(
        listeners::handshakes,
        listeners::handshakesUnderWay,
        listeners::transports,
        () -> shown.material().expires());
  }

  private Optional<Instant> silence() {
    return backend
        .reachability()
        .filter(origin -> origin.state() == Reachability.State.SILENT)
        .map(Reachability::since);
  }

  private boolean isReady() {
    return !stopping && draining.isServing();
  }

  // When it stops, there is no way back.
  private Map<String, Action> actions() {
    Map<String, Action> actions =
        new HashMap<>(
            FleetPages.actions(
                draining::drain,
                () -> {
                  if (!stopping) {
                    draining.undrain();
                  }
                },
                draining::rebalance,
                which -> listeners.close(which, configuration.limits().drainMillis())));
    actions.put("/locks/release", LockPages.release(lockService));
    actions.put("/log/level", LogLevelPages.set(Logging.levels()));
    actions.put(
        "/cache/purge",
        CachePages.purge(vertx, cache, neighbours == null ? null : neighbours::purge));
    actions.put("/capture", CapturePages.begin(captures));
    actions.put("/capture/stop", CapturePages.stop(captures));
    return actions;
  }

  private int shed(double share) {
    return listeners.shed(share, configuration.limits().drainMillis());
  }

  /**
   * What clients reach at our port: the backend's programs, as far as rules allow them anywhere,
   * and NLM's refusals.
   */
  private List<ServedProgram> registered() {
    Rules rules = judge.rules();
    List<ServedProgram> programs =
        new ArrayList<>(new AllowedPrograms().of(backend.programs(), rules));
    if (lockService == null && rules.allowsSomewhere(NfsVersion.V3)) {
      programs.add(new ServedProgram(Programs.NLM, NLM_VERSION, NLM_VERSION));
    }
    return programs;
  }

  private void startBackend() {
    if (configuration.cluster().enabled()) {
      backend.expectFleet();
    }
    backend
        .start()
        .map(
            started -> {
              backend.notices().forEach(notice -> notice.tell(log::warn, log::info));
              exports
                  .start()
                  .onComplete(
                      looked -> {
                        firstLook.tryComplete();
                        warnOfRulePaths();
                      });
              link.joined().onSuccess(backend::join);
              return started;
            })
        .onFailure(failure -> firstLook.tryComplete())
        .onComplete(backendStarted);
  }

  /**
   * Whether there is anything to serve.
   *
   * @return completes when the backend has had its first look; fails, with a message for the
   *     administrator, for what waiting does not cure: then this proxy should be ended
   */
  Future<Void> backendStarted() {
    return backendStarted.future();
  }

  private static IOException cannotListen(Listen listen, Throwable why) {
    return why instanceof Listeners.BalancerPortException
        ? cannotListen(
            ListeningPlace.BALANCERS,
            listen.proxyProtocol().host(),
            listen.proxyProtocol().port(),
            why)
        : cannotListen(ListeningPlace.CLIENTS, listen.host(), listen.port(), why);
  }

  private static IOException cannotListen(
      ListeningPlace place, String host, int port, Throwable why) {
    String message = BindFailure.told(why, place, host, port, "TCP");
    return BindFailure.of(why, host, port) == BindFailure.OTHER
        ? new IOException(message, why)
        : new BindException(message);
  }

  /**
   * Takes over what is changed where the configuration comes from, until it stops.
   *
   * @param source where that is
   * @param configured what was read there and started
   */
  public void watch(Vertx vertx, ConfigurationSource source, Configured configured) {
    ConfigurationWatch begun = new ConfigurationWatch(vertx, source, configured, this::adopt);
    watch = begun;
    begun.start();
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
    tellOtherMarkName(newer.markName());
    configuration = configuration.adopting(newer);
    Promise<Void> looking = Promise.promise();
    judge.waitFor(looking.future());
    judge.adopt(configuration.exports().rules(), configuration.calls().unknownOperations());
    listeners.adopt(configuration.limits());
    Logging.apply(configuration.log());
    if (meters != null) {
      meters.slowFrom(configuration.log().slowCallNanos());
    }
    exports
        .refresh()
        .compose(looked -> exports.refresh())
        .onComplete(
            looked -> {
              looking.tryComplete();
              warnOfRulePaths();
            });
  }

  private void warnOfRulePaths() {
    vertx
        .executeBlocking(this::newRuleWarnings, false)
        .onSuccess(lines -> lines.forEach(log::warn))
        .onFailure(bug -> log.error("rules could not be compared with exports", bug));
    toldOfPaths
        .news(RulePaths.warnings(judge.rules(), servedVersions(), this::versionsOfPath))
        .forEach(log::warn);
  }

  // NFSv2 has neither a root of all nor versions of files.
  private Set<Integer> servedVersions() {
    return backend.programs().stream()
        .filter(row -> row.program() == Programs.NFS)
        .flatMap(row -> IntStream.rangeClosed(row.low(), row.high()).boxed())
        .filter(nfsVersion -> nfsVersion >= 3)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // What was told stays told until it is no longer so: another rule that was changed does not tell
  // it again.
  private List<String> newRuleWarnings() {
    RuleMatches matches = RuleMatches.of(judge.rules(), exports.all());
    hasMetNothing = matches.isNothingMet();
    return toldOfRules.news(matches.warnings());
  }

  private Set<Integer> versionsOfPath(String path) {
    Export export = exports.at(path);
    return export == null
        ? Set.of()
        : export.fsids().stream()
            .map(fsid -> fsid.nfsVersion())
            .collect(Collectors.toUnmodifiableSet());
  }

  private static void tellMarkName(MarkName name, Backend backend) {
    if (backend.identity() == Identity.OWN && name.from() == MarkName.From.EXPORTS) {
      log.info(
          "clients and origin know this proxy as {}: cluster.name is not set, so that this is made"
              + " from what `exports` says",
          name.text());
    }
  }

  // Were it changed while clients are there, they would be others to the origin from one call to
  // the next.
  private void tellOtherMarkName(MarkName newer) {
    MarkName inForce = configuration.markName();
    if (backend.identity() == Identity.OWN && inForce.isLeftBehindBy(newer)) {
      log.warn(
          "clients and origin know this proxy as {} until a restart, and as {} from then on, since"
              + " `exports` has changed and cluster.name is not set: clients are new to the origin"
              + " then. To keep the name, set cluster.name to {}",
          inForce.text(),
          newer.text(),
          inForce.text());
    }
  }

  /**
   * The port that clients reach.
   *
   * @return the configured one, or what the system chose where that is 0
   */
  public int port() {
    return listeners.port();
  }

  /** Client connections at this moment. */
  public int connections() {
    return listeners.connections();
  }

  /** Bytes of calls that are held at this moment, for all clients together. */
  public long recordBytesHeld() {
    return listeners.recordBytesHeld();
  }

  /**
   * How long it may take to stop: the balancer's notice, connections closed one after the other,
   * and their calls in flight.
   *
   * @return {@code drain.noticeMillis}, {@code drain.spreadMillis} and {@code limits.drainMillis}
   *     together
   */
  public long stopMillis() {
    Drain drain = configuration.drain();
    return (long) drain.noticeMillis()
        + drain.spreadMillis()
        + configuration.limits().drainMillis();
  }

  /**
   * The port that balancers reach.
   *
   * @return the configured one, or what the system chose; -1 if there is none
   */
  public int proxyProtocolPort() {
    return listeners.proxyProtocolPort();
  }

  /**
   * The port of the administrator's pages.
   *
   * @return the configured one, or what the system chose; -1 if there is none
   */
  public int adminPort() {
    return adminListener == null ? -1 : adminListener.port();
  }

  /**
   * Stops: says that it is not ready, for {@code drain.noticeMillis}; accepts nobody, lets calls in
   * flight end for {@code limits.drainMillis}, then closes the rest.
   *
   * @return completes when nothing is open any more
   */
  public Future<Void> stop() {
    Duration grace = Duration.ofMillis(configuration.limits().drainMillis());
    stopping = true;
    Future<Void> unwatched = watch == null ? Future.succeededFuture() : watch.close();
    return unwatched
        .eventually(this::noticed)
        .eventually(this::closePortmapper)
        .eventually(() -> listeners.drain(grace))
        .eventually(this::closeNeighbours)
        .eventually(this::closeCache)
        .eventually(() -> closeCacheDisk(vertx, cacheDisk))
        .eventually(this::closeTls)
        .eventually(this::closeLocks)
        .eventually(link::stop)
        .eventually(backend::close)
        .eventually(this::closeAdmin)
        .eventually(() -> closeAudit(vertx, audit))
        .onComplete(stopped -> tellPeriod());
  }

  /** Whoever looks at readiness has seen that it fails; where it is not served, nobody looks. */
  private Future<Void> noticed() {
    return adminPort() < 0 ? Future.succeededFuture() : draining.notice();
  }

  private Future<Void> closePortmapper() {
    exports.close();
    return portmapper == null ? Future.succeededFuture() : portmapper.close();
  }

  private Future<Void> closeNeighbours() {
    return neighbours == null ? Future.succeededFuture() : neighbours.close();
  }

  // What comes after it would stay there.
  private Future<Void> closeCache() {
    Future<Void> over = readAhead == null ? Future.succeededFuture() : readAhead.close();
    return over.onComplete(
        closed -> {
          if (cache != null) {
            cache.clear();
          }
        });
  }

  private static Future<Void> closeCacheDisk(Vertx vertx, @Nullable DiskCache disk) {
    return disk == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              disk.close();
              return null;
            },
            false);
  }

  private Future<Void> closeTls() {
    if (tls != null) {
      tls.close();
    }
    return Future.succeededFuture();
  }

  private Future<Void> closeLocks() {
    return lockService == null ? Future.succeededFuture() : lockService.close();
  }

  private static Future<Void> closeAudit(Vertx vertx, @Nullable AuditLog audit) {
    return audit == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              audit.close();
              return null;
            },
            false);
  }

  private Future<Void> closeAdmin() {
    if (otlp != null) {
      otlp.stop();
    }
    guard.close();
    return adminListener == null ? Future.succeededFuture() : adminListener.close();
  }
}
