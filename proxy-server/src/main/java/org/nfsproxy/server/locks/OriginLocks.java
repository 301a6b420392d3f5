package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileSystemException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.LockOrigin;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.locks.forward.ClientCall;
import org.nfsproxy.server.locks.journal.Journal;
import org.nfsproxy.server.locks.listen.LockCalls;
import org.nfsproxy.xdr.XdrException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All locks at the origin, from the journal on: for as long as this instance is their owner. Used
 * on one event loop.
 */
final class OriginLocks {
  private static final long PURGE_MILLIS = 10_000;

  private static final int OVER_MILLIS = 1_000;

  /** Entries that are shared anew together. */
  private static final int SHARED_AT_A_TIME = 512;

  private static final Logger log = LoggerFactory.getLogger(OriginLocks.class);

  private final Vertx vertx;
  private final LockSettings settings;
  private final LockOrigin origin;
  private final LockJudge judge;
  private final ClientCall.Caller caller;
  private final @Nullable LockInstances instances;
  private final LockCounts counts;
  private final Runnable superseded;
  private final BooleanSupplier mayLeave;
  private final OwnerRows rows;
  private final HeldLocks held;
  private final Repeats repeats;
  private @Nullable Journal journal;
  private @Nullable SharedTerm term;
  private @Nullable LockMemory memory;
  private @Nullable UpstreamLocks upstream;
  private @Nullable LockReleases releases;
  private @Nullable OriginNotices notices;
  private @Nullable CallLanes lanes;
  private @Nullable LockCalls calls;
  private long purging = -1;
  private boolean isEnded;

  /**
   * Not begun yet.
   *
   * @param caller calls clients
   * @param instances null where there is one
   * @param superseded told when another instance has become the owner
   * @param mayLeave asked before anything is sent to the origin
   */
  OriginLocks(
      Vertx vertx,
      LockSettings settings,
      LockOrigin origin,
      LockJudge judge,
      ClientCall.Caller caller,
      @Nullable LockInstances instances,
      LockCounts counts,
      Runnable superseded,
      BooleanSupplier mayLeave) {
    this.vertx = vertx;
    this.settings = settings;
    this.origin = origin;
    this.judge = judge;
    this.caller = caller;
    this.instances = instances;
    this.counts = counts;
    this.superseded = superseded;
    this.mayLeave = mayLeave;
    this.rows = new OwnerRows(settings.bounds().rowsPerClientMax());
    this.held = new HeldLocks(rows, settings.bounds());
    this.repeats = new Repeats(settings.bounds().repeatsBytesMax(), System::nanoTime);
  }

  /**
   * Reads what is known.
   *
   * @return completes when calls can be answered; or fails, with nothing open, and a message that
   *     says how to cure it
   */
  Future<Void> open() {
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
        .compose(read -> isEnded ? ended() : share())
        .onSuccess(shared -> begin())
        .recover(failure -> close().transform(ended -> Future.failedFuture(failure)));
  }

  private static <T> Future<T> ended() {
    return Future.failedFuture(new UpstreamLocks.ClosedException());
  }

  // The message of a failure of the file system is the path alone, where it has no reason.
  private static String why(Throwable wrong) {
    boolean isPathOnly =
        wrong instanceof FileSystemException failure && failure.getReason() == null;
    return isPathOnly ? wrong.toString() : Reason.of(wrong);
  }

  private Future<Void> read(Journal opened) {
    journal = opened;
    memory = new LockMemory(opened, held, null, 0);
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
    upstream = new UpstreamLocks(vertx, origin, from, this::arrived, mayLeave);
    return Future.succeededFuture();
  }

  // A connection that was lost may have been reset by another machine that has the address now.
  private Future<Void> arrived(InetAddress local) {
    LockMemory known = opened(memory);
    if (local.equals(held.ownAddress())) {
      return known.notAnothers(); // unlocks go on
    }
    known.address(local);
    return known.durable();
  }

  private static <T> T opened(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not started");
    }
    return part;
  }

  // ---- with other instances

  private Future<Void> share() {
    LockInstances all = instances;
    if (all == null) {
      return Future.succeededFuture();
    }
    return TermStart.begin(vertx, all, held, superseded, () -> isEnded).compose(this::shared);
  }

  private Future<Void> shared(TermStart.Begun begun) {
    Inherited.Found found = begun.found();
    log.info(
        "the owner of locks from now on, term {}: {} files with locks, of which the other instances"
            + " tell {}; the journal had {}, {} of them known to nobody else and {} over since",
        begun.term().id().number(),
        held.size(),
        found.shared(),
        found.file(),
        found.onlyInFile(),
        found.givenUp().size());
    if (found.unread() > 0) {
      log.warn(
          "{} of the records that instances share are not sealed with the secret in locks.secretFile"
              + " and not believed: somebody else writes there, or has another secret",
          found.unread());
    }
    SharedTerm begunTerm = begun.term();
    Journal open = opened(journal);
    LockMemory known = new LockMemory(open, held, begunTerm, begun.lastSequence());
    term = begunTerm;
    memory = known;
    if (isEnded) {
      return ended();
    }
    found.givenUp().forEach(key -> open.append(LockRecords.dropped(key)));
    InetAddress own = opened(instances).address();
    if (!own.equals(held.ownAddress())) {
      known.address(own);
    }
    if (held.originState() != 0) {
      known.notice(held.originState(), held.isOriginTold());
    }
    return tell(known, held.all().iterator())
        .compose(told -> known.durable())
        .compose(
            told -> {
              known.term(begunTerm.id());
              begunTerm.sees(begun.inherited().now());
              begunTerm.forget(begun.inherited().keys());
              return known.durable();
            });
  }

  // A page at a turn of the event loop.
  private Future<Void> tell(LockMemory known, Iterator<HeldEntry> entries) {
    for (int i = 0; i < SHARED_AT_A_TIME && entries.hasNext(); i++) {
      HeldEntry entry = entries.next();
      if (held.find(entry.key) == entry) {
        known.held(entry);
      }
    }
    if (!entries.hasNext()) {
      return Future.succeededFuture();
    }
    Promise<Void> rest = Promise.promise();
    vertx.runOnContext(next -> tell(known, entries).onComplete(rest));
    return rest.future();
  }

  /** Takes over what others have put into the shared records: a journal, or the other side. */
  void adopt() {
    LockInstances all = instances;
    SharedTerm running = term;
    LockMemory known = memory;
    if (all == null || running == null || known == null || calls == null) {
      return;
    }
    OnLoop.of(
            vertx,
            all.records()
                .readAll()
                .compose(read -> TermStart.read(vertx, all, read, running.record())))
        .onSuccess(inherited -> adopt(inherited, running, known))
        .onFailure(why -> log.debug("shared records", why));
  }

  private void adopt(Inherited others, SharedTerm running, LockMemory known) {
    int more = 0;
    for (HeldEntry entry : others.foreign(running.id())) {
      HeldEntry own = held.find(entry.key);
      if (own == null) {
        held.held(entry);
        opened(lanes).heard(entry.owner.client());
        known.held(entry);
        more++;
      } else if (!running.record().hasSeen(others.termOf(entry), entry.sequence)) {
        Inherited.add(own, entry);
        known.held(own);
      }
    }
    if (more > 0) {
      log.info("{} files with locks that only another instance knew are taken over", more);
    }
    Set<String> foreign = others.foreignKeys(running.id());
    if (!foreign.isEmpty()) {
      running.sees(others.now());
      running.forget(foreign);
    }
  }

  /** Tells the others all again: what they had apart has been put together. */
  void tellAgain() {
    LockMemory known = memory;
    SharedTerm running = term;
    if (known != null && running != null && calls != null) {
      running.sees(running.record());
      tell(known, held.all().iterator()).onComplete(told -> adopt());
    }
  }

  /** Looks whether this instance is the owner still; {@code superseded} is told if not. */
  void confirm() {
    SharedTerm running = term;
    if (running != null) {
      running.durable().onFailure(why -> log.debug("term", why));
    }
  }

  // ---- what serves

  private void begin() {
    UpstreamLocks up = opened(upstream);
    LockMemory known = opened(memory);
    CallLanes turns = lanes();
    lanes = turns;
    ClientCalls clients = new ClientCalls(caller, turns, judge::letsIn, counts::count);
    OriginRequests requests = new OriginRequests(up, known::notAnothers);
    KeyQueues queues = new KeyQueues();
    HeldChanges changes = new HeldChanges(held, known);
    GivenBack back = new GivenBack(vertx, requests, held, changes, queues);
    ClientLocks locks =
        new ClientLocks(
            vertx, settings, judge, requests, rows, held, known, queues, changes, back, counts);
    LockGrants grants = new LockGrants(settings, up, rows, held, changes, back, clients, counts);
    OriginNotices told = new OriginNotices(vertx, settings, held, known, clients, System::nanoTime);
    LockReleases given = new LockReleases(held, back, repeats, counts);
    notices = told;
    releases = given;
    purging = vertx.setPeriodic(PURGE_MILLIS, timer -> repeats.purge());
    calls =
        new LockDispatch(
            locks,
            grants,
            given,
            told,
            clients,
            turns,
            repeats,
            address -> OnLoop.of(vertx, origin.addresses()).map(all -> all.contains(address)));
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

  /** Goes on telling clients of the origin's restart where an earlier life ended. */
  void resume() {
    if (held.size() > 0 && instances == null) {
      log.info(
          "{} clients may hold locks in {} files, as the journal says",
          held.clients().size(),
          held.size());
    }
    opened(notices).resume();
  }

  LockCalls calls() {
    return opened(calls);
  }

  HeldLocks held() {
    return held;
  }

  LockReleases releases() {
    return opened(releases);
  }

  /** What is counted, and how much there is; from any thread. */
  List<Measure> measures() {
    return LockMeasures.of(settings.bounds(), held, rows, repeats, journal, upstream);
  }

  /** The term's number; 0 where there is one instance. */
  long termNumber() {
    SharedTerm running = term;
    return running == null ? 0 : running.id().number();
  }

  /**
   * Ends it: nothing leaves for the origin any more. What is locked stays locked, and is known.
   *
   * @return completes when the journal is closed
   */
  Future<Void> close() {
    isEnded = true;
    if (purging >= 0) {
      vertx.cancelTimer(purging);
    }
    UpstreamLocks up = upstream;
    if (up != null) {
      up.close();
    }
    if (notices != null) {
      notices.close();
    }
    if (lanes != null) {
      lanes.close();
    }
    Journal open = journal;
    Future<Void> closed = open == null ? Future.succeededFuture() : open.close();
    return Future.join(closed, saidOver()).mapEmpty();
  }

  // Whoever hears it need not wait for us; nobody waits long for it to be heard.
  private Future<Void> saidOver() {
    SharedTerm last = term;
    if (last == null) {
      return Future.succeededFuture();
    }
    Promise<Void> said = Promise.promise();
    long timer = vertx.setTimer(OVER_MILLIS, late -> said.tryComplete());
    OnLoop.of(vertx, last.over())
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              said.tryComplete();
            });
    return said.future();
  }
}
