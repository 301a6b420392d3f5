package org.nfsproxy.server.locks;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.locks.forward.ClientCall;
import org.nfsproxy.server.locks.forward.MemberListener;
import org.nfsproxy.server.locks.forward.OwnerLink;
import org.nfsproxy.server.locks.forward.OwnerLink.Owner;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.xdr.XdrReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this instance the owner of all locks for as long as it has the lock address. Used on one
 * event loop.
 */
// Who has the address, something else decides (VRRP or its like): here it is only looked at, once a
// second. When it is gone all ends at once, and waits for nothing. Nothing leaves before that is
// seen, either: the system sends nothing from an address that it does not have, and what waits in
// connections from there is dropped when they are reset.
//
// A process that was stopped (a machine that was suspended, say) does not know what happened
// meanwhile. So nothing leaves that did not have a look shortly before, and who looks late ends.
// Then it begins anew unless another one has.
//
// Should two have the address, the later one is the owner, and the earlier one waits until that has
// ended: if both began again and again, no client would ever be served.
final class Ownership {
  static final int LOOK_MILLIS = 1_000;

  /** Looks that were left out tell that this process stood still. */
  static final int LATE_SECONDS = 5;

  private static final Logger log = LoggerFactory.getLogger(Ownership.class);

  /** Makes what serves while this instance is the owner. */
  interface Serving {
    OriginLocks with(ClientCall.Caller caller, Runnable superseded, BooleanSupplier mayLeave);
  }

  private final LongSupplier nanoTime;
  private final Vertx vertx;
  private final LockInstances instances;
  private final Supplier<Set<InetAddress>> addresses;
  private final Serving serving;
  private final ClientCall.Caller caller;
  private final LockRouter router;
  private final OwnerLink link;
  private final Offer offer;
  private final MemberSecret secret;

  /** A thread of its own: name look-ups that hang must not keep anybody from looking. */
  private final WorkerExecutor lookouts;

  private Set<InetAddress> own = Set.of();
  private long lookedNanos;
  private volatile @Nullable OriginLocks locks;
  private @Nullable OriginLocks beginning;
  private volatile @Nullable MemberListener members;
  private Future<Void> ending = Future.succeededFuture();
  private boolean hasAddress;
  private boolean isSuperseded;
  private boolean isLooking;
  private boolean isClosed;
  private boolean hasOffered;
  private String lastFailure = "";
  private long looking;

  /**
   * Looks at nothing yet.
   *
   * @param addresses those that this machine has now; may block
   * @param caller calls clients from here
   */
  Ownership(
      Vertx vertx,
      LockInstances instances,
      Supplier<Set<InetAddress>> addresses,
      Serving serving,
      ClientCall.Caller caller,
      LockRouter router,
      Offer offer,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.vertx = vertx;
    this.instances = instances;
    this.addresses = addresses;
    this.serving = serving;
    this.caller = caller;
    this.router = router;
    this.offer = offer;
    this.secret = new MemberSecret("locks", instances.secret());
    this.lookouts = vertx.createSharedWorkerExecutor("locks-addresses", 1);
    this.link =
        new OwnerLink(
            vertx,
            secret,
            instances.name(),
            instances.address(),
            instances.port(),
            caller,
            nanoTime);
    router.forwardTo(link);
  }

  /** Begins to look. */
  void start() {
    Context here = vertx.getOrCreateContext();
    instances.records().onMerge(() -> here.runOnContext(put -> merged()));
    looking = vertx.setPeriodic(LOOK_MILLIS, timer -> look());
    look();
  }

  private void merged() {
    OriginLocks now = locks;
    if (now != null) {
      now.tellAgain();
    }
  }

  private void look() {
    if (isLooking || isClosed) {
      return;
    }
    isLooking = true;
    lookouts
        .executeBlocking(addresses::get)
        .onComplete(
            found -> {
              isLooking = false;
              if (found.succeeded() && !isClosed) {
                looked(found.result());
              }
            });
  }

  private boolean hasLookedLately() {
    return nanoTime.getAsLong() - lookedNanos < TimeUnit.SECONDS.toNanos(LATE_SECONDS);
  }

  private void looked(Set<InetAddress> found) {
    boolean isLate = !hasLookedLately();
    lookedNanos = nanoTime.getAsLong();
    own = found;
    if (isLate && locks != null) {
      isSuperseded = true;
      end("this process stood still, and another may have had the address");
    }
    hasAddress = found.contains(instances.address());
    link.want(!hasAddress, found);
    if (!hasAddress) {
      isSuperseded = false;
      end("the lock address is gone");
      offerOnce();
    } else if (isSuperseded) {
      lookAtOther();
    } else if (locks == null) {
      begin();
    } else {
      locks.confirm();
    }
  }

  // ---- the owner

  private void begin() {
    if (beginning != null || !ending.isComplete()) {
      return;
    }
    OriginLocks made = serving.with(this::callClient, this::superseded, this::hasLookedLately);
    beginning = made;
    made.open()
        .compose(
            opened ->
                listen().recover(failed -> made.close().compose(c -> Future.failedFuture(failed))))
        .onComplete(
            done -> {
              if (beginning != made) {
                ending = made.close();
                return;
              }
              beginning = null;
              if (done.succeeded()) {
                begun(made);
              } else {
                failed(done.cause());
              }
            });
  }

  private void begun(OriginLocks made) {
    lastFailure = "";
    locks = made;
    router.serve(made.calls());
    made.resume();
    hasOffered = true; // it was the owner's own journal
    made.adopt();
  }

  private void failed(Throwable why) {
    closeMembers();
    String text = Reason.of(why);
    if (!text.equals(lastFailure)) {
      lastFailure = text;
      log.error(
          "this instance has {} and cannot serve locks: {}. It is tried again; clients wait",
          instances.address().getHostAddress(),
          text);
    }
  }

  private Future<Void> listen() {
    MemberListener made =
        new MemberListener(
            vertx,
            secret,
            instances.name(),
            instances.page(),
            router,
            () -> {
              OriginLocks now = locks;
              if (now != null) {
                now.adopt();
              }
            });
    members = made;
    return made.listen(instances.address(), instances.port());
  }

  private void closeMembers() {
    MemberListener open = members;
    members = null;
    if (open != null) {
      open.close();
    }
  }

  private Future<XdrReader> callClient(ClientCall call) {
    InetAddress from = call.from();
    if (from == null || own.contains(from)) {
      return caller.call(call);
    }
    MemberListener listening = members;
    ClientCall.Caller member = listening == null ? null : listening.having(from);
    // Of an instance that is gone: from here it is worth a try, and some clients take it.
    return member == null ? caller.call(call.withoutFrom()) : member.call(call);
  }

  private void superseded() {
    if (hasAddress) {
      isSuperseded = true;
      log.warn(
          "another instance has become the owner of locks while this one has {} too: this one waits"
              + " until that has ended. An address must be at one instance at a time",
          instances.address().getHostAddress());
    }
    end("another instance is the owner");
  }

  private void end(String why) {
    OriginLocks now = locks;
    OriginLocks half = beginning;
    locks = null;
    beginning = null;
    router.serve(null);
    if (now != null) {
      ending = now.close();
      log.info("no owner of locks any more: {}", why);
    } else if (half != null) {
      ending = half.close();
    }
    closeMembers();
  }

  // ---- one that waits for another that has the address too

  private void lookAtOther() {
    SharedRecords records = instances.records();
    OnLoop.of(vertx, records.read(SharedForm.TERM))
        .compose(
            now -> {
              TermRecord other = SharedTerm.read(secret, now);
              return OnLoop.of(vertx, records.read(SharedForm.over(other.id())))
                  .map(over -> over != null || !records.isThere(other.member()));
            })
        .onSuccess(
            isOver -> {
              if (isOver) {
                isSuperseded = false;
              }
            })
        .onFailure(why -> log.debug("term", why));
  }

  // ---- one that is not the owner

  // What its journal has of an earlier life, whoever is the owner may not know.
  private void offerOnce() {
    if (hasOffered || beginning != null || !ending.isComplete()) {
      return;
    }
    hasOffered = true;
    ending =
        offer
            .make()
            .onSuccess(
                isOffered -> {
                  if (isOffered) {
                    link.offer();
                  }
                })
            .transform(done -> Future.succeededFuture());
  }

  /** What serves; null while this instance is not the owner; from any thread. */
  @Nullable OriginLocks locks() {
    return locks;
  }

  /** Who is the owner, as far as this instance knows; null if nobody, or this one. */
  @Nullable Owner owner() {
    return link.owner();
  }

  /** Calls that the owner has not answered; from any thread. */
  int unanswered() {
    return link.unanswered();
  }

  /** Instances that bring their calls here; from any thread. */
  int members() {
    MemberListener open = members;
    return open == null ? 0 : open.members();
  }

  /** Ends it. */
  Future<Void> close() {
    isClosed = true;
    vertx.cancelTimer(looking);
    end("this instance stops");
    link.close();
    lookouts.close();
    return ending;
  }
}
