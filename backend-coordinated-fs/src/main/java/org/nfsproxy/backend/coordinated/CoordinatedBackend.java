package org.nfsproxy.backend.coordinated;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.backend.coordinated.engine.ReplyMemory;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.nfs.Filehandle;

/** Executes calls on files instead of forwarding them. All file work is done on workers. */
// The files are opened at the start, and where others are expected, they are heard: with another
// filesystem under the same id, the first call could write into the wrong file. A call that comes
// before waits. If files cannot be opened, it is not answered: to say that a handle is stale would
// be a lie that clients remember.
public final class CoordinatedBackend implements Backend {
  /**
   * Calls executed at once, each of which may wait for a disk. Linux's nfsd has 8 threads by
   * default; these also answer the proxy's own questions.
   */
  static final int WORKERS_DEFAULT = 16;

  /** Twice what so many workers can have in hand: as much again is on its way to clients. */
  static final long KEPT_REPLY_BYTES_DEFAULT = 2L * WORKERS_DEFAULT << 20;

  /** Four replies of the largest READ: on a line with 10 ms of delay, 400 MB/s. */
  static final long REPLY_BYTES_PER_CONNECTION_DEFAULT = 4L << 20;

  /** Longer than a busy client's pause; a client that is closed connects anew and asks again. */
  static final int REPLY_STALL_MILLIS_DEFAULT = 5_000;

  /** Between two looks at whether somebody waits for the memory of replies. */
  private static final long ROOM_MILLIS = 500;

  /** Between two looks at what can be closed: as often as Linux's nfsd does. */
  private static final long TIDY_MILLIS = 2_000;

  /**
   * Until this instance serves what it has, unheard: a member of the cluster is made in 1 to 4
   * seconds, in 15 on a busy machine.
   */
  static final int JOIN_MILLIS_DEFAULT = 15_000;

  private static final Logger LOG = LoggerFactory.getLogger(CoordinatedBackend.class);
  private static final long NO_TIMER = -1;

  private record Serving(Files files, Engine engine) {}

  private final Vertx vertx;
  private final FilesSource source;
  private final ReplyMemory memory;
  private final int joinMillis;
  private final ReplyRoom room;
  private final int replyStallMillis;
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final Promise<Serving> opened = Promise.promise();
  private final Promise<Serving> serving = Promise.promise();
  private final WorkerExecutor workers;
  private volatile boolean fleetExpected;
  private volatile long timer = NO_TIMER;
  private volatile long joinTimer = NO_TIMER;
  private volatile long roomTimer = NO_TIMER;

  /**
   * A backend over files that are there already.
   *
   * @param vertx the runtime
   * @param files what is served
   */
  public CoordinatedBackend(Vertx vertx, Files files) {
    this(
        vertx,
        FilesSource.of(files),
        Engines.replyMemory(KEPT_REPLY_BYTES_DEFAULT),
        WORKERS_DEFAULT,
        JOIN_MILLIS_DEFAULT,
        new ReplyBounds(0, REPLY_BYTES_PER_CONNECTION_DEFAULT, REPLY_STALL_MILLIS_DEFAULT));
  }

  /**
   * A backend over files that are opened at the start, with so many workers; the memory is its own
   * from now on.
   */
  CoordinatedBackend(
      Vertx vertx,
      FilesSource source,
      ReplyMemory memory,
      int workersMax,
      int joinMillis,
      ReplyBounds bounds) {
    this.vertx = vertx;
    this.source = source;
    this.memory = memory;
    this.joinMillis = joinMillis;
    this.room = bounds.room();
    this.replyStallMillis = bounds.stallMillis();
    this.workers =
        vertx.createSharedWorkerExecutor(
            "coordinated-fs-" + System.identityHashCode(this), workersMax);
  }

  @Override
  public List<Problem> unfit() {
    return source.unfit();
  }

  @Override
  public Future<Void> start() {
    return vertx
        .executeBlocking(source::open, false)
        .map(files -> new Serving(files, Engines.over(files, memory)))
        .onFailure(serving::tryFail)
        .onComplete(opened)
        .map(
            files -> {
              timer = vertx.setPeriodic(TIDY_MILLIS, now -> tidy());
              roomTimer = vertx.setPeriodic(ROOM_MILLIS, now -> room.look());
              serveOrWait(files);
              return null;
            });
  }

  private void serveOrWait(Serving files) {
    if (!fleetExpected || joinMillis == 0) {
      serving.tryComplete(files);
      return;
    }
    joinTimer =
        vertx.setTimer(
            joinMillis,
            late -> {
              if (serving.tryComplete(files)) {
                LOG.warn(
                    ("has not joined the other instances in %d ms, and serves what it has: nobody"
                            + " has compared whether theirs is the same")
                        .formatted(joinMillis));
              }
            });
  }

  private void tidy() {
    workers.executeBlocking(
        () -> {
          memory.tidy();
          source.tidy();
          return null;
        },
        false);
  }

  @Override
  public void expectFleet() {
    fleetExpected = true;
  }

  @Override
  public void join(Fleet fleet) {
    opened
        .future()
        .onSuccess(
            files -> {
              source.join(fleet);
              vertx.cancelTimer(joinTimer);
              serving.tryComplete(files);
            });
  }

  @Override
  public List<ServedProgram> programs() {
    return Engines.programs();
  }

  @Override
  public List<Notice> notices() {
    return Stream.concat(source.notices().stream(), Engines.notices()).toList();
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>(source.counts());
    counts.put("replyBytesHeld", room.used());
    counts.put("replyBytesMax", room.max());
    counts.put("connectionsWithoutRoom", (long) room.waiting());
    return counts;
  }

  @Override
  public BackendSession open(ClientSide client) {
    return new CoordinatedSession(
        new CoordinatedSession.Shared(
            serving.future().map(Serving::engine),
            workers,
            room,
            replyStallMillis,
            this::noteFault),
        client);
  }

  private void noteFault(Throwable thrown) {
    LOG.error("a call could not be executed", thrown);
    if (thrown instanceof Error) {
      fault.compareAndSet(null, "a call met " + thrown);
    }
  }

  @Override
  public Optional<String> fault() {
    return Optional.ofNullable(fault.get());
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return ask(nfsVersion, questions -> questions.identify(ObjectHandle.read(handle.bytes())));
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return above(directory, 1, nfsVersion).map(Found::handle);
  }

  @Override
  public Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return ask(
        nfsVersion, questions -> questions.above(ObjectHandle.read(directory.bytes()), levels));
  }

  @Override
  public Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return ask(
        nfsVersion, questions -> questions.nameOf(ObjectHandle.read(directory.bytes()), levels));
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    return ask(nfsVersion, questions -> questions.find(path.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return ask(
        nfsVersion, questions -> questions.lookUp(ObjectHandle.read(directory.bytes()), name));
  }

  @Override
  public Future<List<String>> exports() {
    return ask(3, FileQuestions::exports);
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask(FileQuestions questions) throws FilesException;
  }

  private <T> Future<T> ask(int nfsVersion, Question<T> question) {
    if (nfsVersion > Engines.nfsVersionMax()) {
      return Future.failedFuture(
          new UnsupportedOperationException("NFSv" + nfsVersion + " is not served"));
    }
    return serving
        .future()
        .compose(opened -> execute(() -> question.ask(FileQuestions.of(opened.files, nfsVersion))))
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof FilesException refused
                        ? new NfsStatusException(refused.status().number())
                        : failure));
  }

  private <T> Future<T> execute(Callable<T> work) {
    return workers.executeBlocking(work, false);
  }

  @Override
  public Future<Void> close() {
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
    }
    vertx.cancelTimer(joinTimer);
    vertx.cancelTimer(roomTimer);
    serving.tryFail("closed");
    return workers
        .executeBlocking(
            () -> {
              source.close();
              return null;
            },
            false)
        .eventually(workers::close)
        .onComplete(closed -> opened.future().onSuccess(files -> files.engine.close()))
        .onComplete(closed -> memory.close())
        .mapEmpty();
  }
}
