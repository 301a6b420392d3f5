package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.LockOrigin;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.locks.journal.Journal;
import org.nfsproxy.server.locks.listen.LockTcp;
import org.nfsproxy.server.locks.listen.LockUdp;
import org.nfsproxy.server.socket.BindFailure;
import org.nfsproxy.server.socket.ListeningPlace;
import org.nfsproxy.xdr.XdrException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Locks of NFSv3, served: listeners, the journal, and all between them, on one event loop. */
public final class LockService {
  private static final long PURGE_MILLIS = 10_000;
  private static final int LISTED_AT_A_TIME = 256;

  private static final Logger log = LoggerFactory.getLogger(LockService.class);

  private final ContextInternal context;
  private final Vertx vertx;
  private final LockSettings settings;
  private final LockOrigin origin;
  private final LockJudge judge;
  private final int clientsPortmapPort;
  private final OwnerRows rows;
  private final HeldLocks held;
  private final LockCounts counts = new LockCounts();
  private final Repeats repeats;
  private volatile @Nullable Journal journal;
  private volatile @Nullable UpstreamLocks upstream;
  private @Nullable LockReleases releases;
  private @Nullable OriginNotices notices;
  private @Nullable CallLanes lanes;
  private @Nullable LockTcp nlmTcp;
  private @Nullable LockUdp nlmUdp;
  private @Nullable LockTcp nsmTcp;
  private @Nullable LockUdp nsmUdp;
  private volatile int port;
  private volatile int nsmPort;
  private long purging;

  private LockService(
      Vertx vertx,
      LockSettings settings,
      LockOrigin origin,
      LockJudge judge,
      int clientsPortmapPort) {
    this.vertx = vertx;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    this.settings = settings;
    this.origin = origin;
    this.judge = judge;
    this.clientsPortmapPort = clientsPortmapPort;
    this.rows = new OwnerRows(settings.bounds().rowsPerClientMax());
    this.held = new HeldLocks(rows, settings.bounds());
    this.repeats = new Repeats(settings.bounds().repeatsBytesMax(), System::nanoTime);
  }

  /**
   * Reads the journal and listens.
   *
   * @param judge says who may lock what
   * @return the service, to be closed by the caller; or a failure whose message says how to cure it
   */
  public static Future<LockService> start(
      Vertx vertx, LockSettings settings, LockOrigin origin, LockJudge judge) {
    return start(vertx, settings, origin, judge, ClientCalls.PORTMAP_PORT);
  }

  /** The same, with clients' portmappers at another port. */
  static Future<LockService> start(
      Vertx vertx,
      LockSettings settings,
      LockOrigin origin,
      LockJudge judge,
      int clientsPortmapPort) {
    LockService service = new LockService(vertx, settings, origin, judge, clientsPortmapPort);
    return service.onLoop(service::open).map(service);
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        here -> {
          try {
            task.get().onComplete(promise);
          } catch (RuntimeException bug) {
            promise.fail(bug);
          }
        });
    return promise.future();
  }

  private Future<Void> open() {
    return origin.leadsToOneAddress().compose(one -> openJournal());
  }

  private Future<Void> openJournal() {
    return Journal.open(
            vertx,
            settings.stateDirectory(),
            held::everything,
            settings.bounds().unwrittenBytesMax())
        .recover(
            wrong ->
                Future.failedFuture(
                    new IOException(
                        "locks.stateDirectory %s: %s. It must be a folder that this process can write"
                                .formatted(settings.stateDirectory(), why(wrong))
                            + " and no other one uses",
                        wrong)))
        .compose(this::read)
        .compose(read -> listen())
        .recover(failure -> end().transform(ended -> Future.failedFuture(failure)));
  }

  // The message of a failure of the file system is the path alone, where it has no reason.
  private static String why(Throwable wrong) {
    boolean isPathOnly =
        wrong instanceof FileSystemException failure && failure.getReason() == null;
    return isPathOnly ? wrong.toString() : Reason.of(wrong);
  }

  private Future<Void> read(Journal opened) {
    journal = opened;
    try {
      opened.takeRead().forEach(payload -> LockRecords.read(payload, held));
    } catch (XdrException wrong) {
      return Future.failedFuture(
          new IOException(
              "the journal in " + settings.stateDirectory() + ": " + wrong.getMessage()));
    }
    if (opened.bytesCut() > 0) {
      log.warn(
          "the journal in {} ended in {} bytes that were not whole, as after a kill; they are cut"
              + " off",
          settings.stateDirectory(),
          opened.bytesCut());
    }
    log.debug("the journal in {} has {} files with locks", settings.stateDirectory(), held.size());
    return withAddress();
  }

  // Unlocks from another address are answered GRANTED, and unlock nothing.
  private Future<Void> withAddress() {
    InetAddress before = held.ownAddress();
    InetAddress configured = settings.address();
    if (configured != null && before != null && !configured.equals(before) && held.size() > 0) {
      return Future.failedFuture(
          new IOException(
              "locks.address is %s, and the origin holds %d locks that were made from %s. Set it back,"
                      .formatted(configured.getHostAddress(), held.size(), before.getHostAddress())
                  + " and change it when GET /locks is empty"));
    }
    InetAddress from = configured != null ? configured : held.size() > 0 ? before : null;
    upstream = new UpstreamLocks(vertx, origin, from, this::arrived);
    return Future.succeededFuture();
  }

  private Future<Void> arrived(InetAddress local) {
    Journal open = opened(journal);
    if (local.equals(held.ownAddress())) {
      return Future.succeededFuture();
    }
    held.address(local);
    open.append(LockRecords.address(local));
    return open.durable();
  }

  private static <T> T opened(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not started");
    }
    return part;
  }

  private Future<Void> listen() {
    UpstreamLocks up = opened(upstream);
    Journal open = opened(journal);
    CallLanes turns = lanes();
    lanes = turns;
    ClientCalls clients =
        new ClientCalls(vertx, clientsPortmapPort, turns, judge::letsIn, counts::count);
    ClientLocks locks = new ClientLocks(vertx, settings, judge, up, rows, held, open, counts);
    LockGrants grants = new LockGrants(settings, up, rows, held, locks, clients, counts);
    OriginNotices told = new OriginNotices(vertx, settings, held, open, clients, System::nanoTime);
    notices = told;
    releases = new LockReleases(held, locks, repeats, counts);
    purging = vertx.setPeriodic(PURGE_MILLIS, timer -> repeats.purge());
    LockDispatch calls =
        new LockDispatch(
            locks,
            grants,
            releases,
            told,
            clients,
            turns,
            repeats,
            address -> OnLoop.of(vertx, origin.addresses()).map(all -> all.contains(address)));
    nlmTcp = new LockTcp(vertx, calls);
    nlmUdp = new LockUdp(vertx, calls, settings.host());
    nsmTcp = new LockTcp(vertx, calls);
    nsmUdp = new LockUdp(vertx, calls, settings.host());
    return both(nlmTcp, nlmUdp, settings.port(), ListeningPlace.LOCKS)
        .onSuccess(chosen -> port = chosen)
        .compose(
            chosen -> both(opened(nsmTcp), opened(nsmUdp), settings.nsmPort(), ListeningPlace.NSM))
        .onSuccess(chosen -> nsmPort = chosen)
        .onSuccess(
            chosen -> {
              tell();
              told.resume();
            })
        .mapEmpty();
  }

  // Who locked before the restart is a client, and may be told of a grant before it calls again.
  private CallLanes lanes() {
    LockBounds bounds = settings.bounds();
    CallLanes made =
        new CallLanes(
            bounds.callbacksMax(),
            bounds.strangersMax(),
            bounds.strangersPerSecondMax(),
            System::nanoTime,
            (millis, task) -> vertx.setTimer(millis, timer -> task.run()),
            counts::count);
    held.clients().forEach(made::heard);
    return made;
  }

  private Future<Integer> both(LockTcp tcp, LockUdp udp, int wanted, ListeningPlace place) {
    String host = settings.host();
    return tcp.listen(host, wanted)
        .recover(why -> Future.failedFuture(bindFailure(why, place, wanted, "TCP")))
        .compose(
            chosen ->
                udp.listen(host, chosen)
                    .recover(why -> Future.failedFuture(bindFailure(why, place, chosen, "UDP")))
                    .map(chosen));
  }

  private IOException bindFailure(
      Throwable why, ListeningPlace place, int wanted, String transport) {
    String message = BindFailure.told(why, place, settings.host(), wanted, transport);
    return new IOException(message, why);
  }

  private void tell() {
    if (held.size() > 0) {
      log.info(
          "{} clients may hold locks in {} files, as the journal says",
          held.clients().size(),
          held.size());
    }
  }

  /** NLM's port, TCP and UDP. */
  public int port() {
    return port;
  }

  /** NSM's port, TCP and UDP. */
  public int nsmPort() {
    return nsmPort;
  }

  /** What clients may hold and wait for. */
  public Future<List<HeldLock>> list() {
    return onLoop(
        () -> {
          Promise<List<HeldLock>> listed = Promise.promise();
          list(held.pages(LISTED_AT_A_TIME), new ArrayList<>(), listed);
          return listed.future();
        });
  }

  // A page at a turn of the event loop, so that locks are asked for between two of them.
  private void list(
      Iterator<List<HeldEntry>> pages, List<HeldLock> listed, Promise<List<HeldLock>> all) {
    if (!pages.hasNext()) {
      all.complete(listed);
      return;
    }
    pages.next().forEach(entry -> listed.add(HeldLock.of(entry)));
    context.runOnContext(next -> list(pages, listed, all));
  }

  /** What is counted, and how much there is; from any thread. */
  public List<Measure> measures() {
    return LockMeasures.of(settings.bounds(), held, rows, repeats, journal, upstream, counts);
  }

  /**
   * How much there is of a client.
   *
   * @return files with locks that it may hold or waits for, each owner counted for itself
   */
  public Future<Integer> held(InetAddress client) {
    return onLoop(() -> Future.succeededFuture(held.ofClient(client).size()));
  }

  /**
   * Gives back all locks of a client that does not come back.
   *
   * @return how many owners and files that is; completes when the origin has unlocked them
   */
  public Future<Integer> release(InetAddress client) {
    return onLoop(() -> opened(releases).abandoned(client));
  }

  /**
   * Stops. What is locked stays locked, and is in the journal.
   *
   * @return completes when all is closed
   */
  public Future<Void> close() {
    return onLoop(this::end);
  }

  private Future<Void> end() {
    vertx.cancelTimer(purging);
    Future<Void> ended = Future.succeededFuture();
    if (nlmTcp != null && nlmUdp != null && nsmTcp != null && nsmUdp != null) {
      ended =
          Future.join(nlmTcp.close(), nlmUdp.close(), nsmTcp.close(), nsmUdp.close()).mapEmpty();
    }
    if (notices != null) {
      notices.close();
    }
    if (lanes != null) {
      lanes.close();
    }
    UpstreamLocks up = upstream;
    if (up != null) {
      up.close();
    }
    Journal open = journal;
    return open == null ? ended : ended.transform(done -> open.close());
  }
}
