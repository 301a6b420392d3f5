package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.nfsproxy.server.locks.wire.GrantedCall;
import org.nfsproxy.server.locks.wire.LockProcedure;
import org.nfsproxy.server.locks.wire.LockRequest;
import org.nfsproxy.server.locks.wire.LockedRange;
import org.nfsproxy.server.locks.wire.NlmLock;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.server.locks.wire.ShareMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives locks back in their owners' place, as whoever locked. Used on one event loop. */
final class GivenBack {
  private static final long RELEASE_AGAIN_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(GivenBack.class);

  private final Vertx vertx;
  private final OriginRequests requests;
  private final HeldLocks held;
  private final HeldChanges changes;
  private final KeyQueues queues;

  GivenBack(
      Vertx vertx, OriginRequests requests, HeldLocks held, HeldChanges changes, KeyQueues queues) {
    this.vertx = vertx;
    this.requests = requests;
    this.held = held;
    this.changes = changes;
    this.queues = queues;
  }

  /**
   * Gives back what an owner has in a file: all waits are cancelled, all locks unlocked, or its
   * share is.
   *
   * @param stillMeant asked when its turn has come
   * @return whether all was given back; never fails
   */
  Future<Boolean> release(HeldEntry entry, BooleanSupplier stillMeant) {
    return queues
        .run(
            entry.key,
            () ->
                held.find(entry.key) == entry && stillMeant.getAsBoolean()
                    ? cancelAll(entry).compose(cancelled -> unlockAll(entry))
                    : Future.succeededFuture(true))
        .otherwise(
            failure -> {
              log.warn(
                  "a lock of {} is not released: {}", entry.owner.client(), failure.toString());
              return false;
            });
  }

  Future<Void> cancelAll(HeldEntry entry) {
    Future<Void> all = Future.succeededFuture();
    for (LockedRange wait : List.copyOf(entry.waiting)) {
      all =
          all.compose(next -> own(entry, LockProcedure.CANCEL, wait))
              .map(
                  status -> {
                    changes.cancelled(entry, wait, status);
                    return null;
                  });
    }
    return all;
  }

  Future<Boolean> unlockAll(HeldEntry entry) {
    Future<Integer> given =
        entry.key.isShare()
            ? sent(entry, unshare(entry))
            : own(entry, LockProcedure.UNLOCK, LockedRange.WHOLE);
    return given.map(
        status -> {
          boolean isGone = HeldChanges.isUnlocked(status);
          if (isGone) {
            changes.gone(entry);
          } else {
            HeldChanges.notUnlocked(entry, status);
          }
          return isGone;
        });
  }

  private Future<Integer> own(HeldEntry entry, LockProcedure procedure, LockedRange range) {
    return sent(entry, LockRequest.own(procedure, range.isExclusive(), lock(entry, range)));
  }

  private static LockRequest unshare(HeldEntry entry) {
    ShareMode share = entry.share == null ? ShareMode.NOTHING : entry.share;
    return LockRequest.unshare(lock(entry, LockedRange.WHOLE), share);
  }

  private static NlmLock lock(HeldEntry entry, LockedRange range) {
    return new NlmLock(
        new byte[0],
        entry.key.handle(),
        entry.key.ownerBytes(),
        entry.key.svid(),
        range.offset(),
        range.length());
  }

  /**
   * A request of ours in an owner's place, again and again while the origin takes reclaims only.
   */
  private Future<Integer> sent(HeldEntry entry, LockRequest request) {
    return requests
        .send(request, entry.key.row(), entry.credential())
        .compose(
            results -> {
              if (results.status() != NlmStatus.DENIED_GRACE_PERIOD) {
                return Future.succeededFuture(results.status());
              }
              Promise<Integer> later = Promise.promise();
              vertx.setTimer(RELEASE_AGAIN_MILLIS, again -> sent(entry, request).onComplete(later));
              return later.future();
            });
  }

  /**
   * Unlocks a range that the origin granted to an owner who may not have it. Until the origin has
   * said so, it is one that may be held.
   */
  void giveBack(HeldEntry entry, LockedRange range) {
    queues
        .run(entry.key, () -> unlockRange(entry, range))
        .onFailure(why -> log.debug("UNLOCK of a grant that was turned down", why));
  }

  private Future<Void> unlockRange(HeldEntry entry, LockedRange range) {
    if (held.find(entry.key) != entry) {
      return Future.succeededFuture(); // its owner has unlocked it
    }
    int grants = entry.grants;
    return own(entry, LockProcedure.UNLOCK, range)
        .map(
            status -> {
              changes.unlocked(entry, range, status, grants);
              if (!HeldChanges.isUnlocked(status)) {
                HeldChanges.notUnlocked(entry, status);
              }
              return null;
            });
  }

  /** Unlocks what the origin granted and nobody here waits for, as far as it can be unlocked. */
  void unlockStray(GrantedCall call) {
    NlmLock lock = call.lock();
    boolean isTagged = OwnerRows.isTagged(OwnerRows.rowOf(lock.svid()), lock.owner());
    byte[] owner = isTagged ? OriginRequests.untagged(lock.owner()) : lock.owner();
    HeldKey key = HeldKey.of(lock.svid(), owner, lock.handle());
    queues
        .run(key, () -> requests.unlock(call))
        .onFailure(refused -> log.debug("UNLOCK of a stray grant", refused));
  }
}
