package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.LockOrigin;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.locks.forward.ClientCall;
import org.nfsproxy.server.locks.forward.OwnerLink;
import org.nfsproxy.server.locks.listen.LockTcp;
import org.nfsproxy.server.locks.listen.LockUdp;
import org.nfsproxy.server.socket.BindFailure;
import org.nfsproxy.server.socket.ListeningPlace;

/** Locks of NFSv3, served: listeners, and whoever answers what they hear, on one event loop. */
public final class LockService {
  private static final int LISTED_AT_A_TIME = 256;

  private final ContextInternal context;
  private final Vertx vertx;
  private final LockSettings settings;
  private final LockOrigin origin;
  private final LockJudge judge;
  private final @Nullable LockInstances instances;
  private final Supplier<Set<InetAddress>> addresses;
  private final LongSupplier nanoTime;
  private final ClientCaller caller;
  private final LockCounts counts = new LockCounts();
  private final LockRouter router;
  private final List<Supplier<Future<Void>>> closing = new ArrayList<>();
  private volatile @Nullable OriginLocks alone;
  private volatile @Nullable Ownership ownership;
  private volatile int port;
  private volatile int nsmPort;

  private LockService(
      Vertx vertx,
      LockSettings settings,
      LockOrigin origin,
      LockJudge judge,
      @Nullable LockInstances instances,
      Supplier<Set<InetAddress>> addresses,
      int clientsPortmapPort,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.vertx = vertx;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    this.settings = settings;
    this.origin = origin;
    this.judge = judge;
    this.instances = instances;
    this.addresses = addresses;
    this.caller = new ClientCaller(vertx, clientsPortmapPort);
    this.router = new LockRouter(settings.bounds(), counts);
  }

  /**
   * Listens, and reads the journal; with several instances only when it is this one's turn.
   *
   * @param judge says who may lock what
   * @param instances null where there is one
   * @return the service, to be closed by the caller; or a failure whose message says how to cure it
   */
  public static Future<LockService> start(
      Vertx vertx,
      LockSettings settings,
      LockOrigin origin,
      LockJudge judge,
      @Nullable LockInstances instances) {
    return start(
        vertx,
        settings,
        origin,
        judge,
        instances,
        OwnAddresses::now,
        ClientCaller.PORTMAP_PORT,
        System::nanoTime);
  }

  /** The same with clients' portmappers at another port, addresses and a time that a test says. */
  static Future<LockService> start(
      Vertx vertx,
      LockSettings settings,
      LockOrigin origin,
      LockJudge judge,
      @Nullable LockInstances instances,
      Supplier<Set<InetAddress>> addresses,
      int clientsPortmapPort,
      LongSupplier nanoTime) {
    LockService service =
        new LockService(
            vertx, settings, origin, judge, instances, addresses, clientsPortmapPort, nanoTime);
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
    return origin
        .leadsToOneAddress()
        .compose(one -> instances == null ? openAlone() : openAmong(instances))
        .compose(opened -> listen())
        .recover(failure -> end().transform(ended -> Future.failedFuture(failure)));
  }

  private Future<Void> openAlone() {
    OriginLocks made = originLocks(caller, () -> {}, () -> true);
    alone = made;
    return made.open()
        .onSuccess(opened -> router.serve(made.calls()))
        .onFailure(wrong -> alone = null);
  }

  private Future<Void> openAmong(LockInstances all) {
    Ownership made =
        new Ownership(
            vertx,
            all,
            addresses,
            this::originLocks,
            caller,
            router,
            new Offer(vertx, settings, all),
            nanoTime);
    ownership = made;
    return Future.succeededFuture();
  }

  private OriginLocks originLocks(
      ClientCall.Caller calls, Runnable superseded, BooleanSupplier mayLeave) {
    return new OriginLocks(
        vertx, settings, origin, judge, calls, instances, counts, superseded, mayLeave);
  }

  private Future<Void> listen() {
    LockTcp nlmTcp = new LockTcp(vertx, router);
    LockUdp nlmUdp = new LockUdp(vertx, router, settings.host());
    LockTcp nsmTcp = new LockTcp(vertx, router);
    LockUdp nsmUdp = new LockUdp(vertx, router, settings.host());
    closing.add(nlmTcp::close);
    closing.add(nlmUdp::close);
    closing.add(nsmTcp::close);
    closing.add(nsmUdp::close);
    return both(nlmTcp, nlmUdp, settings.port(), ListeningPlace.LOCKS)
        .onSuccess(chosen -> port = chosen)
        .compose(chosen -> both(nsmTcp, nsmUdp, settings.nsmPort(), ListeningPlace.NSM))
        .onSuccess(
            chosen -> {
              nsmPort = chosen;
              begin();
            })
        .mapEmpty();
  }

  private void begin() {
    OriginLocks own = alone;
    Ownership shared = ownership;
    if (own != null) {
      own.resume();
    } else if (shared != null) {
      shared.start();
    }
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

  /** NLM's port, TCP and UDP. */
  public int port() {
    return port;
  }

  /** NSM's port, TCP and UDP. */
  public int nsmPort() {
    return nsmPort;
  }

  /** Where the owner of locks is, with several instances. */
  public enum Place {
    /** Here. */
    HERE,
    /** At another instance. */
    ELSEWHERE,
    /** Nowhere that this instance can reach. */
    NOWHERE
  }

  /**
   * Who answers for locks.
   *
   * @param instance what it is called; empty if it is this one, or nobody
   * @param page where its page is; empty if nobody said
   */
  public record Owner(Place place, String instance, String page) {}

  /** Who answers for locks now; from any thread. */
  public Owner owner() {
    if (serving() != null) {
      return new Owner(Place.HERE, "", "");
    }
    Ownership shared = ownership;
    OwnerLink.Owner other = shared == null ? null : shared.owner();
    return other == null
        ? new Owner(Place.NOWHERE, "", "")
        : new Owner(Place.ELSEWHERE, other.instance(), other.page());
  }

  private @Nullable OriginLocks serving() {
    Ownership shared = ownership;
    return shared == null ? alone : shared.locks();
  }

  /** What clients may hold and wait for; nothing if another instance is the owner. */
  public Future<List<HeldLock>> list() {
    return onLoop(
        () -> {
          OriginLocks now = serving();
          if (now == null) {
            return Future.succeededFuture(List.of());
          }
          Promise<List<HeldLock>> listed = Promise.promise();
          list(now.held().pages(LISTED_AT_A_TIME), new ArrayList<>(), listed);
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
    List<Measure> all = new ArrayList<>();
    OriginLocks now = serving();
    if (now != null) {
      all.addAll(now.measures());
    }
    Ownership shared = ownership;
    if (shared != null) {
      all.addAll(
          LockMeasures.among(
              now == null ? 0 : now.termNumber(),
              shared.owner() != null,
              shared.members(),
              router.forwarded(),
              shared.unanswered()));
    }
    all.addAll(counts.measures());
    return all;
  }

  /**
   * How much there is of a client.
   *
   * @return files with locks that it may hold or waits for, each owner counted for itself
   */
  public Future<Integer> held(InetAddress client) {
    return onLoop(
        () -> {
          OriginLocks now = serving();
          return Future.succeededFuture(now == null ? 0 : now.held().ofClient(client).size());
        });
  }

  /**
   * Gives back all locks of a client that does not come back.
   *
   * @return how many owners and files that is; completes when the origin has unlocked them
   */
  public Future<Integer> release(InetAddress client) {
    return onLoop(
        () -> {
          OriginLocks now = serving();
          return now == null ? Future.succeededFuture(0) : now.releases().abandoned(client);
        });
  }

  /**
   * Stops. What is locked stays locked, and is known to whoever comes next.
   *
   * @return completes when all is closed
   */
  public Future<Void> close() {
    return onLoop(this::end);
  }

  private Future<Void> end() {
    List<Future<Void>> ended = new ArrayList<>();
    closing.forEach(each -> ended.add(each.get()));
    router.serve(null);
    OriginLocks own = alone;
    Ownership shared = ownership;
    if (own != null) {
      ended.add(own.close());
    }
    if (shared != null) {
      ended.add(shared.close());
    }
    return ended.isEmpty() ? Future.succeededFuture() : Future.join(ended).mapEmpty();
  }
}
