package org.nfsproxy.backend.nfs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.LockOrigin;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.OriginProtection;
import org.nfsproxy.backend.Reachability;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.backend.nfs.connect.NfsSettings;
import org.nfsproxy.backend.nfs.connect.OriginConnector;
import org.nfsproxy.backend.nfs.connect.OriginLockManager;
import org.nfsproxy.backend.nfs.connect.OriginReachability;
import org.nfsproxy.backend.nfs.connect.OriginServer;
import org.nfsproxy.backend.nfs.connect.OriginServers;
import org.nfsproxy.backend.nfs.connect.SourcePorts;
import org.nfsproxy.backend.nfs.questions.OriginQuestions;
import org.nfsproxy.backend.nfs.questions.OriginVersions;
import org.nfsproxy.backend.nfs.session.DelayBounds;
import org.nfsproxy.backend.nfs.session.NfsSession;
import org.nfsproxy.backend.nfs.tls.OriginTls;
import org.nfsproxy.backend.nfs.tls.OriginTlsMode;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Programs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An NFS server as origin. */
// What it looks at when it starts is for the administrator and for PROG_MISMATCH alone: clients are
// served before the look is over, and while the origin is away.
final class NfsBackend implements Backend {
  private static final Logger log = LoggerFactory.getLogger(NfsBackend.class);

  /** Between looks at an origin that is away: it is seen soon after it comes, and not hammered. */
  private static final long LOOK_AGAIN_MILLIS = 3_000;

  /** An origin that learns or forgets a version of NFS is known within a minute. */
  private static final long LOOK_MILLIS = 60_000;

  private static final String STRIPPABLE =
      "backend.origin.tls.mode is \"prefer\": connections to the origin have TLS if it offers it, and"
          + " whoever sits between can make it look as if it did not. Once it does: \"require\"";

  private final Vertx vertx;
  private final NfsSettings settings;
  private final SourcePorts sources;
  private final OriginConnector connector;
  private final DelayBounds delays;
  private final OriginServers servers;
  private final @Nullable OriginTls tls;
  private volatile List<ServedProgram> programs = OriginSummary.UNKNOWN_PROGRAMS;
  private volatile List<Notice> notices = List.of();
  private volatile boolean closed;
  private volatile Future<Void> fileLook = Future.succeededFuture();

  NfsBackend(Vertx vertx, NfsSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.delays = new DelayBounds(settings.delayRepeatMillis(), settings.delayRepeatBytesMax());
    this.sources =
        new SourcePorts(
            settings.reservedPorts(),
            settings.localAddresses(),
            settings.reservedPortsPerClientMax());
    this.tls = settings.tls().enabled() ? new OriginTls(vertx, settings.tls()) : null;
    this.servers = OriginServers.of(vertx, settings, sources, tls);
    this.connector = new OriginConnector(vertx, settings, servers, sources);
  }

  @Override
  public Future<Void> start() {
    return tls == null ? startLooking() : tls.load().compose(read -> startLooking(tls));
  }

  private Future<Void> startLooking(OriginTls protection) {
    lookAtFilesAgain(protection);
    return startLooking();
  }

  private void lookAtFilesAgain(OriginTls protection) {
    int scanMillis = settings.tls().scanMillis();
    if (scanMillis > 0 && !closed) {
      vertx.setTimer(scanMillis, timer -> lookAtFiles(protection));
    }
  }

  private void lookAtFiles(OriginTls protection) {
    if (!closed) {
      fileLook =
          vertx
              .<Void>executeBlocking(
                  () -> {
                    protection.look(System.currentTimeMillis());
                    return null;
                  },
                  false)
              .onFailure(
                  bug -> log.error("the files of backend.origin.tls could not be looked at", bug))
              .onComplete(looked -> lookAtFilesAgain(protection));
    }
  }

  private Future<Void> startLooking() {
    return look()
        .onComplete(
            first -> {
              if (!closed) {
                notices = first.succeeded() ? first.result().notices() : away(first.cause());
              }
              lookAgain(first.succeeded());
              listenAgain();
            })
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private void lookAgain(boolean answered) {
    if (!closed) {
      vertx.setTimer(answered ? LOOK_MILLIS : LOOK_AGAIN_MILLIS, timer -> lookAndTell());
    }
  }

  private void listenAgain() {
    boolean answers = reachability().orElseThrow().state() == Reachability.State.ANSWERS;
    if (!closed) {
      long millis = settings.quietMillis();
      vertx.setTimer(answers ? millis : Math.min(millis, LOOK_AGAIN_MILLIS), timer -> listen());
    }
  }

  private void listen() {
    OriginReachability reachability = servers.reachability();
    if (reachability.isQuiet(TimeUnit.MILLISECONDS.toNanos(settings.quietMillis()))) {
      askWhetherItAnswers().onComplete(asked -> listenAgain());
    } else {
      listenAgain();
    }
  }

  private Future<Long> askWhetherItAnswers() {
    OriginReachability reachability = servers.reachability();
    return servers
        .ask(OriginQuestions::roundTrip)
        .onSuccess(reachability::answered)
        .onFailure(
            why -> {
              if (!closed) {
                reachability.failed(why);
              }
            });
  }

  /** An origin that changes is told once, and so is one that comes back. */
  private void lookAndTell() {
    look()
        .onComplete(
            next -> {
              if (next.succeeded()) {
                List<Notice> news = next.result().notices();
                if (!news.equals(notices)) {
                  notices = news;
                  news.forEach(notice -> notice.tell(log::warn, log::info));
                }
              }
              lookAgain(next.succeeded());
            });
  }

  private Future<OriginSummary> look() {
    servers.resolve();
    return askWhetherItAnswers().compose(answers -> look(servers.inOrder(), 0));
  }

  private Future<OriginSummary> look(List<OriginServer> order, int at) {
    return look(order.get(at))
        .recover(
            failure -> at + 1 < order.size() ? look(order, at + 1) : Future.failedFuture(failure))
        .onSuccess(summary -> programs = summary.programs());
  }

  private Future<OriginSummary> look(OriginServer server) {
    OriginQuestions questions = server.questions();
    return questions
        .versions()
        .compose(
            versions ->
                Future.join(
                        server.programs().findAcl(),
                        mountPort(server),
                        questions.exports(),
                        questions.mountVersions())
                    .map(
                        asked ->
                            summary(
                                server,
                                versions,
                                asked.resultAt(1),
                                asked.resultAt(3),
                                asked.resultAt(2))));
  }

  private record MountPort(int port, String whyNot) {}

  private static Future<MountPort> mountPort(OriginServer server) {
    return server
        .programs()
        .port(Programs.MOUNT)
        .map(port -> new MountPort(port, ""))
        .otherwise(failure -> new MountPort(0, Reason.of(failure)));
  }

  private OriginSummary summary(
      OriginServer server,
      OriginVersions versions,
      MountPort mount,
      List<ServedProgram> mounts,
      List<String> paths) {
    return new OriginSummary(
        server.toString(),
        versions,
        mount.port,
        mount.whyNot,
        mounts,
        paths,
        sources.isForbidden());
  }

  private List<Notice> away(Throwable why) {
    String text =
        "origin %s port %d does not answer%s: %s. Clients wait for it up to %d ms at a time"
            .formatted(
                settings.host(),
                settings.port(),
                settings.equivalents().isEmpty() ? "" : ", nor do its equivalents",
                Reason.of(why),
                settings.waitMillis());
    return List.of(new Notice(true, text));
  }

  @Override
  public String origin() {
    return settings.host().toLowerCase(Locale.ROOT) + " port " + settings.port();
  }

  @Override
  public Optional<Reachability> reachability() {
    return Optional.of(servers.reachability().now());
  }

  @Override
  public List<SocketAddress> servers() {
    return settings.servers();
  }

  @Override
  public List<SocketAddress> portmappers(boolean withLocks) {
    return settings.portmappers(withLocks);
  }

  @Override
  public List<ServedProgram> programs() {
    return programs;
  }

  @Override
  public List<Notice> notices() {
    if (settings.tls().mode() != OriginTlsMode.PREFER) {
      return notices;
    }
    List<Notice> all = new ArrayList<>(notices);
    all.add(new Notice(true, STRIPPABLE));
    return all;
  }

  @Override
  public List<Problem> unfit() {
    return settings.tls().unfit();
  }

  @Override
  public List<Problem> doubts() {
    return settings.tls().doubts(Instant.now());
  }

  @Override
  public Optional<OriginProtection> protection() {
    return Optional.ofNullable(tls).map(OriginTls::now);
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>(delays.counts());
    counts.putAll(sources.counts());
    return counts;
  }

  @Override
  public List<Measure> measures() {
    List<Measure> measures = new ArrayList<>(delays.measures());
    measures.addAll(sources.measures());
    boolean silent = servers.reachability().now().state() == Reachability.State.SILENT;
    measures.add(
        Measure.of(
            "origin_silent",
            "1 while the origin has been asked and has answered nothing; look at it, and at the way"
                + " to it.",
            silent ? 1 : 0));
    protection().ifPresent(now -> measures.addAll(TlsMeasures.of(now)));
    return measures;
  }

  @Override
  public BackendSession open(ClientSide client) {
    return new NfsSession(client, connector, servers, delays);
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return servers.ask(questions -> questions.identify(handle, nfsVersion));
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return servers.ask(questions -> questions.parent(directory, nfsVersion));
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    return servers.ask(questions -> questions.find(path, nfsVersion));
  }

  @Override
  public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return servers.ask(questions -> questions.lookUp(directory, name, nfsVersion));
  }

  @Override
  public Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return servers.ask(questions -> questions.above(directory, levels, nfsVersion));
  }

  @Override
  public Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return servers.ask(questions -> questions.nameOf(directory, levels, nfsVersion));
  }

  @Override
  public Future<List<String>> exports() {
    return servers.ask(OriginQuestions::exports);
  }

  @Override
  public Identity identity() {
    return settings.identity();
  }

  @Override
  public List<String> equivalents() {
    return servers.names();
  }

  @Override
  public Future<List<String>> nestedExports() {
    return servers.ask(OriginQuestions::nestedExports);
  }

  @Override
  public Optional<LockOrigin> lockOrigin() {
    return Optional.of(new OriginLockManager(servers));
  }

  // Of the origin itself: whoever keeps what it reads has no equivalents.
  @Override
  public Optional<ReadOrigin> readOrigin() {
    return Optional.of(servers.serving().reads());
  }

  @Override
  public Future<Void> close() {
    closed = true;
    return servers
        .close()
        .eventually(() -> fileLook.otherwiseEmpty())
        .onComplete(
            ended -> {
              if (tls != null) {
                tls.close();
              }
            });
  }
}
