package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nsm1;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.locks.wire.StateNotice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells clients that the origin has restarted, so that they reclaim. Used on one event loop. */
// A client knows the origin as the address of ours that it calls. The state is the origin's own,
// unchanged: a client that has heard it already takes no notice.
//
// The origin tells it until it has a reply, and never again. So the reply is sent when the notice
// is in the journal; whoever comes back from a kill before all clients were told tells all of them.
final class OriginNotices {
  private static final int NSM_VERSION = 1;
  private static final int[] AGAIN_MILLIS = {500, 1_000, 2_000, 4_000, 8_000, 15_000};

  /** Clients that are begun with together; some have ten thousands of locks. */
  private static final int CLIENTS_AT_A_TIME = 16;

  private static final Logger log = LoggerFactory.getLogger(OriginNotices.class);

  private final Vertx vertx;
  private final LockSettings settings;
  private final HeldLocks held;
  private final LockMemory memory;
  private final ClientCalls clients;

  /**
   * Between two restarts that are believed. Anybody who can forge the origin's address can tell of
   * one, and each makes all clients reclaim.
   */
  static final int RESTART_SECONDS_MIN = 5;

  private final LongSupplier nanoTime;
  private long newsNanos;

  /** The last one; null before the first. */
  private @Nullable Telling last;

  private boolean closed;

  /** All clients are told of a notice. One that was begun before another tells nobody any more. */
  // Not known by its state, since that of an earlier notice may come again: a forged notice between
  // two of the origin's own is enough.
  private static final class Telling {
    private final int state;

    /** Clients that have not been told, and one for whoever begins with them. */
    private int untold = 1;

    Telling(int state) {
      this.state = state;
    }
  }

  OriginNotices(
      Vertx vertx,
      LockSettings settings,
      HeldLocks held,
      LockMemory memory,
      ClientCalls clients,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.newsNanos = nanoTime.getAsLong() - TimeUnit.SECONDS.toNanos(RESTART_SECONDS_MIN);
    this.vertx = vertx;
    this.settings = settings;
    this.held = held;
    this.memory = memory;
    this.clients = clients;
  }

  /**
   * The origin has restarted.
   *
   * @return completes when a kill cannot make us forget it; fails if that cannot be had
   */
  Future<Void> restarted(int state) {
    if (state == held.originState() && held.isOriginTold()) {
      return Future.succeededFuture();
    }
    boolean isNews = state != held.originState();
    if (isNews && isTooSoon()) {
      return Future.failedFuture("told of another restart a moment ago");
    }
    memory.notice(state, false);
    if (isNews) {
      tellAll();
    }
    return memory.durable();
  }

  private boolean isTooSoon() {
    long now = nanoTime.getAsLong();
    if (now - newsNanos < TimeUnit.SECONDS.toNanos(RESTART_SECONDS_MIN)) {
      return true;
    }
    newsNanos = now;
    return false;
  }

  /** Goes on where an earlier life ended. */
  void resume() {
    if (!held.isOriginTold()) {
      tellAll();
    }
  }

  private void tellAll() {
    Set<InetAddress> all = held.clients();
    log.info("the origin has restarted: {} clients with locks are told", all.size());
    Telling telling = new Telling(held.originState());
    last = telling;
    tellSome(all.iterator(), telling);
  }

  private void tellSome(Iterator<InetAddress> all, Telling telling) {
    for (int i = 0; i < CLIENTS_AT_A_TIME && all.hasNext() && telling == last; i++) {
      tell(all.next(), telling);
    }
    if (all.hasNext() && telling == last) {
      vertx.runOnContext(next -> tellSome(all, telling));
    } else {
      told(telling);
    }
  }

  private void told(Telling telling) {
    if (telling == last && --telling.untold == 0) {
      memory.notice(telling.state, true);
    }
  }

  private void tell(InetAddress client, Telling telling) {
    Set<InetAddress> ours = new HashSet<>();
    for (HeldEntry entry : held.ofClient(client)) {
      InetAddress from = from(entry);
      if (from != null) {
        ours.add(from);
      }
    }
    telling.untold += ours.size();
    ours.forEach(address -> tell(client, address, telling, 0));
  }

  private @Nullable InetAddress from(HeldEntry entry) {
    InetAddress configured = settings.callbackFrom();
    return configured == null ? entry.reached : configured;
  }

  private void tell(InetAddress client, InetAddress from, Telling telling, int attempt) {
    StateNotice notice = new StateNotice(from.getHostAddress(), telling.state);
    clients
        .call(client, from, Programs.NSM, NSM_VERSION, Nsm1.NOTIFY.number(), notice::write)
        .onSuccess(heard -> told(telling))
        .onFailure(away -> untold(client, from, telling, attempt, away));
  }

  /** Ends it: whoever has not been told, is told by the next life. */
  void close() {
    closed = true;
  }

  private void untold(
      InetAddress client, InetAddress from, Telling telling, int attempt, Throwable away) {
    if (closed || telling != last) {
      return;
    }
    if (attempt < AGAIN_MILLIS.length && clients.letsIn(client)) {
      vertx.setTimer(AGAIN_MILLIS[attempt], again -> tell(client, from, telling, attempt + 1));
      return;
    }
    log.warn(
        "client {} could not be told that the origin has restarted, and may have lost its locks: {}",
        client.getHostAddress(),
        String.valueOf(away.getMessage()));
    told(telling);
  }
}
