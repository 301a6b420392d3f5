package org.nfsproxy.backend.nfs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.Remark;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.rpc.CallCredential;
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

  private final Vertx vertx;
  private final NfsSettings settings;
  private final SourcePorts sources;
  private final OriginConnector connector;
  private final OriginQuestions questions;
  private final OriginPrograms originPrograms;
  private final DelayBounds delays;
  private volatile List<ServedProgram> programs = OriginSummary.UNKNOWN_PROGRAMS;
  private volatile List<Remark> remarks = List.of();
  private volatile boolean closed;

  NfsBackend(Vertx vertx, NfsSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.delays = new DelayBounds(settings.delayRepeatMillis(), settings.delayRepeatBytesMax());
    this.sources = new SourcePorts(settings.reservedPorts(), settings.localAddresses());
    this.connector = new OriginConnector(vertx, settings, sources);
    Connector questionConnector = new QuestionConnector(vertx, settings, sources);
    OriginPorts ports =
        new OriginPorts(
            vertx,
            questionConnector,
            new OriginPorts.Configured(
                settings.host(), settings.port(), settings.mountPort(), settings.aclPort()));
    this.originPrograms = new OriginPrograms(settings.port(), ports);
    this.questions =
        new OriginQuestions(
            vertx,
            questionConnector,
            SocketAddress.inetSocketAddress(settings.port(), settings.host()),
            CallCredential.sys("nfs-proxy", 0, 0),
            ports);
  }

  @Override
  public Future<Void> start() {
    return look()
        .onComplete(
            first -> {
              remarks = first.succeeded() ? first.result().remarks(settings) : away(first.cause());
              lookAgain(first.succeeded());
            })
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private void lookAgain(boolean answered) {
    if (!closed) {
      vertx.setTimer(answered ? LOOK_MILLIS : LOOK_AGAIN_MILLIS, timer -> lookAndTell());
    }
  }

  /** An origin that changes is told once, and so is one that comes back. */
  private void lookAndTell() {
    look()
        .onComplete(
            next -> {
              if (next.succeeded()) {
                List<Remark> news = next.result().remarks(settings);
                if (!news.equals(remarks)) {
                  remarks = news;
                  news.forEach(NfsBackend::tell);
                }
              }
              lookAgain(next.succeeded());
            });
  }

  private Future<OriginSummary> look() {
    return questions
        .versions()
        .compose(
            versions ->
                Future.join(originPrograms.findAcl(), mountPort(), questions.exports())
                    .map(asked -> summary(versions, asked.resultAt(1), asked.resultAt(2))))
        .onSuccess(summary -> programs = summary.programs());
  }

  private record MountPort(int port, String whyNot) {}

  private Future<MountPort> mountPort() {
    return originPrograms
        .port(Programs.MOUNT)
        .map(port -> new MountPort(port, ""))
        .otherwise(failure -> new MountPort(0, failure.getMessage()));
  }

  private OriginSummary summary(OriginVersions versions, MountPort mount, List<String> paths) {
    return new OriginSummary(versions, mount.port, mount.whyNot, paths, sources.isForbidden());
  }

  private List<Remark> away(Throwable why) {
    String text =
        "origin %s port %d does not answer: %s. Clients wait for it up to %d ms at a time"
            .formatted(settings.host(), settings.port(), why.getMessage(), settings.waitMillis());
    return List.of(new Remark(true, text));
  }

  private static void tell(Remark remark) {
    if (remark.off()) {
      log.warn("{}", remark.text());
    } else {
      log.info("{}", remark.text());
    }
  }

  @Override
  public List<ServedProgram> programs() {
    return programs;
  }

  @Override
  public List<Remark> remarks() {
    return remarks;
  }

  @Override
  public String originName() {
    return settings.host() + " port " + settings.port();
  }

  @Override
  public Map<String, Long> counts() {
    return delays.counts();
  }

  @Override
  public BackendSession open(ClientSide client) {
    return new NfsSession(client, connector, originPrograms, delays);
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return questions.identify(handle, nfsVersion);
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return questions.parent(directory, nfsVersion);
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    return questions.find(path, nfsVersion);
  }

  @Override
  public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return questions.lookUp(directory, name, nfsVersion);
  }

  @Override
  public Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return questions.above(directory, levels, nfsVersion);
  }

  @Override
  public Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return questions.nameOf(directory, levels, nfsVersion);
  }

  @Override
  public Future<List<String>> exports() {
    return questions.exports();
  }

  @Override
  public Future<Void> close() {
    closed = true;
    return questions.close();
  }
}
