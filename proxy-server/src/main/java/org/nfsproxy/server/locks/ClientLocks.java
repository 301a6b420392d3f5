package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.locks.wire.LockProcedure;
import org.nfsproxy.server.locks.wire.LockRequest;
import org.nfsproxy.server.locks.wire.LockResults;
import org.nfsproxy.server.locks.wire.LockedRange;
import org.nfsproxy.server.locks.wire.NlmLock;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients ask for: tests, locks, unlocks and cancels. Used on one event loop. */
// What may be held is in the journal before the LOCK leaves, so that whoever comes back from a kill
// can give all of it back. What is in doubt is refused, LCK_DENIED_NOLOCKS; but an unlock or a
// cancel is never refused for a reason of ours, since the client forgets the lock all the same: it
// is left without a reply, and comes again.
final class ClientLocks {
  /** No reply: the client asks again. */
  static final class SilentException extends Exception {
    private static final long serialVersionUID = 1L;

    SilentException(String message) {
      super(message, null, false, false);
    }
  }

  /** The credential of a call is none. */
  static final class BadCredentialException extends Exception {
    private static final long serialVersionUID = 1L;

    BadCredentialException() {
      super("credential", null, false, false);
    }
  }

  private static final int OWNER_BYTES_MAX = NlmLock.BYTES_MAX - OwnerRows.TAG_BYTES;
  private static final int WARNED_SECONDS = 60;

  private static final Logger log = LoggerFactory.getLogger(ClientLocks.class);

  private final Vertx vertx;
  private final LockJudge judge;
  private final OriginRequests requests;
  private final OwnerRows rows;
  private final HeldLocks held;
  private final LockMemory memory;
  private final LockCounts counts;
  private final KeyQueues queues;
  private final HeldChanges changes;
  private final GivenBack givenBack;
  private final CallsUnderWay locksUnderWay;

  /** Counted for themselves, so that no flood of locks keeps an unlock from being sent. */
  private final CallsUnderWay unlocksUnderWay;

  private long warnedNanos = System.nanoTime() - TimeUnit.SECONDS.toNanos(WARNED_SECONDS + 1);

  ClientLocks(
      Vertx vertx,
      LockSettings settings,
      LockJudge judge,
      OriginRequests requests,
      OwnerRows rows,
      HeldLocks held,
      LockMemory memory,
      KeyQueues queues,
      HeldChanges changes,
      GivenBack givenBack,
      LockCounts counts) {
    LockBounds bounds = settings.bounds();
    this.counts = counts;
    this.locksUnderWay = new CallsUnderWay(bounds.callsPerClientMax(), bounds.callBytesMax());
    this.unlocksUnderWay = new CallsUnderWay(bounds.callsPerClientMax(), bounds.callBytesMax());
    this.vertx = vertx;
    this.judge = judge;
    this.requests = requests;
    this.queues = queues;
    this.changes = changes;
    this.givenBack = givenBack;
    this.rows = rows;
    this.held = held;
    this.memory = memory;
  }

  /** A request, and the call that it came by. */
  private record Asked(
      LockRequest request, LockCaller caller, Call call, ByteBuf record, int row, LockOwner owner) {
    HeldKey key() {
      NlmLock lock = request.lock();
      return HeldKey.of(OwnerRows.svid(row, lock.svid()), lock.owner(), lock.handle());
    }
  }

  /**
   * Does what a client asks for.
   *
   * @param call the header of its call; now this method's
   * @param record the call's record, marker included; now this method's
   * @return what it came to; fails with {@link SilentException}, {@link BadCredentialException}, or
   *     for a fault of ours
   */
  Future<LockResults> ask(LockRequest request, LockCaller caller, Call call, ByteBuf record) {
    int bytes = record.readableBytes();
    boolean isJudged = request.procedure().isJudged();
    CallsUnderWay underWay = isJudged ? locksUnderWay : unlocksUnderWay;
    if (!underWay.begin(caller, bytes)) {
      return silent(LockEvent.UNANSWERED_CALLS, "too many calls");
    }
    return withRow(request, caller, call, record).onComplete(done -> underWay.end(caller, bytes));
  }

  private Future<LockResults> withRow(
      LockRequest request, LockCaller caller, Call call, ByteBuf record) {
    if (request.lock().owner().length > OWNER_BYTES_MAX) {
      return refused(LockEvent.REFUSED_NAME, NlmStatus.FAILED);
    }
    LockOwner owner = owner(request, caller.address());
    boolean isJudged = request.procedure().isJudged();
    int row = isJudged ? rows.take(owner) : rows.takeToGiveBack(owner);
    if (row < 0) {
      return isJudged ? noRoom(LockEvent.REFUSED_OWNERS) : hasNothing(request.procedure());
    }
    rows.used(row);
    LockOwner known = rows.owner(row); // one object for all that the owner holds
    return begun(new Asked(request, caller, call, record, row, known == null ? owner : known))
        .onComplete(done -> rows.left(row));
  }

  private Future<LockResults> silent(LockEvent event, String why) {
    counts.count(event);
    return Future.failedFuture(new SilentException(why));
  }

  private Future<LockResults> refused(LockEvent event, int status) {
    counts.count(event);
    return Future.succeededFuture(LockResults.of(status));
  }

  private Future<LockResults> noRoom(LockEvent event) {
    return refused(event, NlmStatus.DENIED_NOLOCKS);
  }

  // A row is on disk before its owner has anything at the origin, and stays while it has: one that
  // has none and can get none has nothing to give back, and hears what the origin would say to
  // that.
  private static Future<LockResults> hasNothing(LockProcedure procedure) {
    int status = procedure.isCancel() ? NlmStatus.DENIED : NlmStatus.GRANTED;
    return Future.succeededFuture(LockResults.of(status));
  }

  private Future<LockResults> begun(Asked asked) {
    try {
      return begin(asked);
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  private static LockOwner owner(LockRequest request, InetAddress client) {
    NlmLock lock = request.lock();
    String name = new String(lock.caller(), StandardCharsets.ISO_8859_1);
    return new LockOwner(client, name, lock.svid() >>> 16);
  }

  private Future<LockResults> begin(Asked asked) {
    return switch (asked.request.procedure()) {
      case TEST, TEST_MSG -> judged(asked, allowed -> test(asked, credential(allowed)));
      case LOCK, LOCK_MSG, NM_LOCK ->
          queues.run(asked.key(), () -> judged(asked, allowed -> lock(asked, allowed)));
      case UNLOCK, UNLOCK_MSG -> queues.run(asked.key(), () -> unlock(asked));
      case CANCEL, CANCEL_MSG -> queues.run(asked.key(), () -> cancel(asked));
    };
  }

  private interface As {
    Future<LockResults> with(LockVerdict.Allowed allowed);
  }

  private Future<LockResults> judged(Asked asked, As next) {
    LockRequest request = asked.request;
    boolean writes = request.procedure().isJudged() && request.exclusive();
    return OnLoop.of(
            vertx,
            judge.judge(
                asked.call, asked.record, asked.caller.address(), request.lock().handle(), writes))
        .compose(
            verdict -> {
              if (verdict instanceof LockVerdict.Allowed allowed) {
                return next.with(allowed);
              }
              if (verdict instanceof LockVerdict.Refused refused) {
                return refused(LockEvent.REFUSED_RULES, refused.status());
              }
              return verdict instanceof LockVerdict.BadCredential
                  ? Future.failedFuture(new BadCredentialException())
                  : silent(LockEvent.UNANSWERED_UNJUDGED, "nobody can judge it now");
            });
  }

  private Future<LockResults> test(Asked asked, CallCredential credential) {
    return requests
        .send(asked.request, asked.row, credential)
        .map(this::withOwnHolder)
        .recover(this::unknown);
  }

  /** The origin's answer cannot be read, or there is none: the client asks again. */
  private Future<LockResults> unknown(Throwable why) {
    boolean isRefused = why instanceof UpstreamLocks.RefusedException;
    long now = System.nanoTime();
    if (!(why instanceof UpstreamLocks.ClosedException)
        && now - warnedNanos > TimeUnit.SECONDS.toNanos(WARNED_SECONDS)) {
      warnedNanos = now;
      log.warn(
          "{}: {}. Said once in {} seconds",
          isRefused
              ? "a lock is refused"
              : "nobody knows what the origin made of a call for a lock, and the client asks again",
          String.valueOf(why.getMessage()),
          WARNED_SECONDS);
    }
    if (isRefused) {
      return noRoom(LockEvent.REFUSED_ORIGIN);
    }
    return silent(LockEvent.UNANSWERED_ORIGIN, String.valueOf(why.getMessage()));
  }

  /** A holder that is one of our clients is told as that client knows itself. */
  private LockResults withOwnHolder(LockResults results) {
    LockResults.Holder holder = results.holder();
    if (holder == null) {
      return results;
    }
    int row = OwnerRows.rowOf(holder.svid());
    LockOwner owner = rows.owner(row);
    if (owner == null || !OwnerRows.isTagged(row, holder.owner())) {
      return results;
    }
    return new LockResults(
        results.status(),
        new LockResults.Holder(
            holder.exclusive(),
            OwnerRows.svidOf(owner, holder.svid()),
            OriginRequests.untagged(holder.owner()),
            holder.offset(),
            holder.length()));
  }

  // A client that has restarted counts its processes from the same number again, and may lock
  // before its notice is here: what the earlier one had goes first.
  private Future<LockResults> lock(Asked asked, LockVerdict.Allowed allowed) {
    HeldEntry known = held.find(asked.key());
    int state = asked.request.state();
    if (known == null || state == 0 || known.state == 0 || state == known.state) {
      return lockKnown(asked, allowed, known);
    }
    return givenBack
        .cancelAll(known)
        .compose(cancelled -> givenBack.unlockAll(known))
        .transform(
            ended -> {
              if (ended.failed()) {
                return silent(
                    LockEvent.UNANSWERED_ORIGIN, String.valueOf(ended.cause().getMessage()));
              }
              return ended.result()
                  ? lockKnown(asked, allowed, null)
                  : noRoom(LockEvent.REFUSED_ORIGIN);
            });
  }

  private Future<LockResults> lockKnown(
      Asked asked, LockVerdict.Allowed allowed, @Nullable HeldEntry known) {
    LockRequest request = asked.request;
    LockedRange range = request.range();
    boolean waitsAnew = request.block() && (known == null || !known.waiting.contains(range));
    boolean isMore = known == null || waitsAnew || !known.ranges.covers(range);
    if (isMore && memory.isFull()) {
      return putOff(request, LockEvent.REFUSED_JOURNAL_FULL, "the journal is full");
    }
    if (isMore && !held.hasRoom(asked.caller.address(), known == null)) {
      return noRoom(LockEvent.REFUSED_HELD);
    }
    if (known != null && waitsAnew && known.waiting.size() >= HeldEntry.WAITING_MAX) {
      return noRoom(LockEvent.REFUSED_WAITING);
    }
    HeldEntry entry = known == null ? fresh(asked, allowed) : known;
    ByteRanges before = entry.ranges.copy();
    boolean isNews = isMore;
    isNews |= tells(entry, asked, allowed);
    entry.ranges.add(range);
    if (waitsAnew) {
      entry.waiting.add(range);
    }
    entry.underWay = range;
    entry.isGrantedUnderWay = false;
    Attempt attempt = new Attempt(asked, entry, before, waitsAnew, entry.grants);
    return written(asked, entry, isNews)
        .transform(
            written ->
                written.succeeded()
                    ? sendLock(attempt, allowed)
                    : unwritten(attempt, written.cause()))
        .onComplete(done -> entry.underWay = null);
  }

  // Clients wait some seconds and ask again when they are told of a grace period, all that we know.
  // A reclaim that is told so is given up, and its program not told: it hears nothing instead.
  private Future<LockResults> putOff(LockRequest request, LockEvent event, String why) {
    return request.reclaim() ? silent(event, why) : refused(event, NlmStatus.DENIED_GRACE_PERIOD);
  }

  /**
   * A LOCK that is under way.
   *
   * @param before what was held before it
   * @param waitsAnew whether its wait is its own
   * @param grants how many the origin had called about
   */
  private record Attempt(
      Asked asked, HeldEntry entry, ByteRanges before, boolean waitsAnew, int grants) {
    LockedRange range() {
      return asked.request.range();
    }

    /**
     * Whether it asks for what it has, and the origin takes no reclaims: it has not restarted, or
     * its time for them is over.
     */
    // A Linux client forgets a lock that it cannot reclaim, and so never unlocks it; and the notice
    // that makes it reclaim can be forged.
    boolean isLateReclaim(LockResults results) {
      return results.status() == NlmStatus.DENIED_GRACE_PERIOD
          && asked.request.reclaim()
          && before.covers(range());
    }

    /** Takes its range back, unless the origin granted something meanwhile. */
    void undoRange() {
      if (entry.grants == grants) {
        entry.ranges.become(before);
      }
    }

    void undo() {
      undoRange();
      if (waitsAnew) {
        entry.waiting.remove(range());
      }
    }
  }

  private HeldEntry fresh(Asked asked, LockVerdict.Allowed allowed) {
    HeldEntry entry =
        new HeldEntry(
            asked.key(),
            asked.owner,
            System.currentTimeMillis(),
            new ByteRanges(),
            allowed.flavor(),
            allowed.body());
    held.add(entry);
    return entry;
  }

  /** Takes over what a LOCK tells of its owner; says whether any of it is new. */
  // A reclaim carries state 0: the old one is kept.
  private static boolean tells(HeldEntry entry, Asked asked, LockVerdict.Allowed allowed) {
    InetAddress reached = asked.caller.reached();
    int state = asked.request.state();
    boolean isNews =
        entry.flavor != allowed.flavor()
            || !Arrays.equals(entry.credentialBody, allowed.body())
            || state != 0 && state != entry.state
            || reached != null && !reached.equals(entry.reached);
    entry.flavor = allowed.flavor();
    entry.credentialBody = allowed.body();
    entry.state = state == 0 ? entry.state : state;
    entry.reached = reached == null ? entry.reached : reached;
    return isNews;
  }

  private Future<Void> written(Asked asked, HeldEntry entry, boolean isNews) {
    if (!isNews && !memory.isBroken()) {
      return memory.confirmed();
    }
    memory.row(asked.row, entry.owner);
    memory.held(entry);
    return memory.durable();
  }

  private Future<LockResults> unwritten(Attempt attempt, Throwable why) {
    String reason = String.valueOf(why.getMessage());
    if (why instanceof UpstreamLocks.ClosedException) {
      return silent(LockEvent.UNANSWERED_ORIGIN, reason);
    }
    attempt.undo();
    changes.keep(attempt.entry);
    return why instanceof SharedTerm.AwayException
        ? putOff(attempt.asked.request, LockEvent.REFUSED_INSTANCES, reason)
        : noRoom(LockEvent.REFUSED_JOURNAL_BROKEN);
  }

  private Future<LockResults> sendLock(Attempt attempt, LockVerdict.Allowed allowed) {
    CallCredential credential = credential(allowed);
    return requests
        .send(attempt.asked.request, attempt.asked.row, credential)
        .compose(
            results ->
                attempt.isLateReclaim(results)
                    ? requests.send(attempt.asked.request.anew(), attempt.asked.row, credential)
                    : Future.succeededFuture(results))
        .map(results -> ended(attempt, results))
        .recover(
            why -> {
              if (why instanceof UpstreamLocks.RefusedException) {
                attempt.undo();
                changes.keep(attempt.entry);
              }
              return unknown(why);
            });
  }

  private LockResults ended(Attempt attempt, LockResults results) {
    HeldEntry entry = attempt.entry;
    switch (results.status()) {
      case NlmStatus.GRANTED -> {
        entry.isExclusive = attempt.asked.request.exclusive();
        entry.waiting.remove(attempt.range());
      }
      case NlmStatus.BLOCKED -> {
        attempt.undoRange();
        if (!entry.isGrantedUnderWay) {
          entry.waiting.add(attempt.range());
        }
      }
      default -> attempt.undo();
    }
    changes.keep(entry);
    return results;
  }

  private static CallCredential credential(LockVerdict.Allowed allowed) {
    return CallCredential.of(allowed.flavor(), allowed.body());
  }

  private Future<LockResults> unlock(Asked asked) {
    HeldEntry entry = held.find(asked.key());
    int grants = entry == null ? 0 : entry.grants;
    return asOwner(asked, entry)
        .map(
            results -> {
              if (entry != null) {
                changes.unlocked(entry, asked.request.range(), results.status(), grants);
              }
              return results;
            });
  }

  private Future<LockResults> cancel(Asked asked) {
    HeldEntry entry = held.find(asked.key());
    return asOwner(asked, entry)
        .map(
            results -> {
              if (entry != null) {
                changes.cancelled(entry, asked.request.range(), results.status());
              }
              return results;
            });
  }

  /** Sends an unlock or a cancel as whoever locked; by the rules if nobody here knows of a lock. */
  private Future<LockResults> asOwner(Asked asked, @Nullable HeldEntry entry) {
    Future<LockResults> sent =
        entry != null
            ? requests.send(asked.request, asked.row, entry.credential())
            : judged(
                asked, allowed -> requests.send(asked.request, asked.row, credential(allowed)));
    return sent.recover(
        failure ->
            failure instanceof BadCredentialException || failure instanceof SilentException
                ? Future.failedFuture(failure)
                : silent(LockEvent.UNANSWERED_ORIGIN, String.valueOf(failure.getMessage())));
  }

  /** Owners and files for which something is under way. */
  int underWay() {
    return queues.size();
  }
}
