package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
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

/** What clients ask for: tests, locks, unlocks, cancels and shares. Used on one event loop. */
// What may be held is in the journal before the LOCK leaves, so that whoever comes back from a kill
// can give all of it back. What is in doubt is refused, LCK_DENIED_NOLOCKS; but an unlock or a
// cancel is never refused for a reason of ours, since the client forgets the lock all the same: it
// is left without a reply, and comes again.
final class ClientLocks {
  private static final int OWNER_BYTES_MAX = NlmLock.BYTES_MAX - OwnerRows.TAG_BYTES;

  private final Vertx vertx;
  private final LockJudge judge;
  private final OriginRequests requests;
  private final OwnerRows rows;
  private final HeldLocks held;
  private final LockMemory memory;
  private final LockAnswers answers;
  private final ClientShares shares;
  private final KeyQueues queues;
  private final HeldChanges changes;
  private final GivenBack givenBack;
  private final CallsUnderWay locksUnderWay;

  /** Counted for themselves, so that no flood of locks keeps an unlock from being sent. */
  private final CallsUnderWay unlocksUnderWay;

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
    this.answers = new LockAnswers(counts);
    this.shares = new ClientShares(requests, rows, held, memory, changes, answers);
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

  /**
   * Does what a client asks for.
   *
   * @param call the header of its call; now this method's
   * @param record the call's record, marker included; now this method's
   * @return what it came to; fails with {@link LockAnswers.SilentException}, {@link
   *     LockAnswers.BadCredentialException}, or for a fault of ours
   */
  Future<LockResults> ask(LockRequest request, LockCaller caller, Call call, ByteBuf record) {
    int bytes = record.readableBytes();
    boolean isJudged = request.procedure().isJudged();
    CallsUnderWay underWay = isJudged ? locksUnderWay : unlocksUnderWay;
    if (!underWay.begin(caller, bytes)) {
      return answers.silent(LockEvent.UNANSWERED_CALLS, "too many calls");
    }
    return withRow(request, caller, call, record).onComplete(done -> underWay.end(caller, bytes));
  }

  private Future<LockResults> withRow(
      LockRequest request, LockCaller caller, Call call, ByteBuf record) {
    if (request.lock().owner().length > OWNER_BYTES_MAX) {
      return answers.refused(LockEvent.REFUSED_NAME, NlmStatus.FAILED);
    }
    LockOwner owner = owner(request, caller.address());
    boolean isJudged = request.procedure().isJudged();
    int row = isJudged ? rows.take(owner) : rows.takeToGiveBack(owner);
    if (row < 0) {
      return isJudged ? answers.noRoom(LockEvent.REFUSED_OWNERS) : hasNothing(request.procedure());
    }
    rows.used(row);
    LockOwner known = rows.owner(row); // one object for all that the owner holds
    return begun(new AskedLock(request, caller, call, record, row, known == null ? owner : known))
        .onComplete(done -> rows.left(row));
  }

  // A row is on disk before its owner has anything at the origin, and stays while it has: one that
  // has none and can get none has nothing to give back, and hears what the origin would say to
  // that.
  private static Future<LockResults> hasNothing(LockProcedure procedure) {
    int status = procedure.isCancel() ? NlmStatus.DENIED : NlmStatus.GRANTED;
    return Future.succeededFuture(LockResults.of(status));
  }

  private Future<LockResults> begun(AskedLock asked) {
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

  private Future<LockResults> begin(AskedLock asked) {
    return switch (asked.request().procedure()) {
      case TEST, TEST_MSG -> judged(asked, allowed -> test(asked, allowed.credential()));
      case LOCK, LOCK_MSG, NM_LOCK ->
          queues.run(asked.key(), () -> judged(asked, allowed -> lock(asked, allowed)));
      case UNLOCK, UNLOCK_MSG -> queues.run(asked.key(), () -> unlock(asked));
      case CANCEL, CANCEL_MSG -> queues.run(asked.key(), () -> cancel(asked));
      case SHARE ->
          queues.run(asked.key(), () -> judged(asked, allowed -> shares.share(asked, allowed)));
      case UNSHARE -> queues.run(asked.key(), () -> unshare(asked));
    };
  }

  private interface As {
    Future<LockResults> with(LockVerdict.Allowed allowed);
  }

  private Future<LockResults> judged(AskedLock asked, As next) {
    LockRequest request = asked.request();
    boolean writes = request.procedure().isJudged() && request.writes();
    return OnLoop.of(
            vertx,
            judge.judge(
                asked.call(),
                asked.record(),
                asked.caller().address(),
                request.lock().handle(),
                writes))
        .compose(
            verdict -> {
              if (verdict instanceof LockVerdict.Allowed allowed) {
                return next.with(allowed);
              }
              if (verdict instanceof LockVerdict.Refused refused) {
                return answers.refused(LockEvent.REFUSED_RULES, refused.status());
              }
              return verdict instanceof LockVerdict.BadCredential
                  ? Future.failedFuture(new LockAnswers.BadCredentialException())
                  : answers.silent(LockEvent.UNANSWERED_UNJUDGED, "nobody can judge it now");
            });
  }

  private Future<LockResults> test(AskedLock asked, CallCredential credential) {
    return requests
        .send(asked.request(), asked.row(), credential)
        .map(this::withOwnHolder)
        .recover(answers::unknown);
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
  private Future<LockResults> lock(AskedLock asked, LockVerdict.Allowed allowed) {
    HeldEntry known = held.find(asked.key());
    int state = asked.request().state();
    if (known == null || state == 0 || known.state == 0 || state == known.state) {
      return lockKnown(asked, allowed, known);
    }
    return givenBack
        .cancelAll(known)
        .compose(cancelled -> givenBack.unlockAll(known))
        .transform(
            ended -> {
              if (ended.failed()) {
                return answers.silent(
                    LockEvent.UNANSWERED_ORIGIN, String.valueOf(ended.cause().getMessage()));
              }
              return ended.result()
                  ? lockKnown(asked, allowed, null)
                  : answers.noRoom(LockEvent.REFUSED_ORIGIN);
            });
  }

  private Future<LockResults> lockKnown(
      AskedLock asked, LockVerdict.Allowed allowed, @Nullable HeldEntry known) {
    LockRequest request = asked.request();
    LockedRange range = request.range();
    boolean waitsAnew = request.block() && (known == null || !known.waiting.contains(range));
    boolean isMore = known == null || waitsAnew || !known.ranges.covers(range);
    if (isMore && memory.isFull()) {
      return answers.putOff(request, LockEvent.REFUSED_JOURNAL_FULL, "the journal is full");
    }
    if (isMore && !held.hasRoom(asked.caller().address(), known == null)) {
      return answers.noRoom(LockEvent.REFUSED_HELD);
    }
    if (known != null && waitsAnew && known.waiting.size() >= HeldEntry.WAITING_MAX) {
      return answers.noRoom(LockEvent.REFUSED_WAITING);
    }
    HeldEntry entry = known;
    if (entry == null) {
      entry = asked.fresh(allowed);
      held.add(entry);
    }
    ByteRanges before = entry.ranges.copy();
    boolean isNews = isMore;
    isNews |= asked.tells(entry, allowed, request.state());
    rows.heard(asked.row(), request.state());
    entry.ranges.add(range);
    if (waitsAnew) {
      entry.waiting.add(range);
    }
    entry.underWay = range;
    entry.isGrantedUnderWay = false;
    Attempt attempt = new Attempt(asked, entry, before, waitsAnew, entry.grants);
    return memory
        .written(asked.row(), entry, isNews)
        .transform(
            written ->
                written.succeeded()
                    ? sendLock(attempt, allowed)
                    : unwritten(attempt, written.cause()))
        .onComplete(done -> attempt.entry.underWay = null);
  }

  /**
   * A LOCK that is under way.
   *
   * @param before what was held before it
   * @param waitsAnew whether its wait is its own
   * @param grants how many the origin had called about
   */
  private record Attempt(
      AskedLock asked, HeldEntry entry, ByteRanges before, boolean waitsAnew, int grants) {
    LockedRange range() {
      return asked.request().range();
    }

    /**
     * Whether it asks for what it has, and the origin takes no reclaims: it has not restarted, or
     * its time for them is over.
     */
    // A Linux client forgets a lock that it cannot reclaim, and so never unlocks it; and the notice
    // that makes it reclaim can be forged.
    boolean isLateReclaim(LockResults results) {
      return results.status() == NlmStatus.DENIED_GRACE_PERIOD
          && asked.request().reclaim()
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

  private Future<LockResults> unwritten(Attempt attempt, Throwable why) {
    if (!(why instanceof UpstreamLocks.ClosedException)) {
      attempt.undo();
      changes.keep(attempt.entry);
    }
    return answers.unwritten(attempt.asked.request(), why);
  }

  private Future<LockResults> sendLock(Attempt attempt, LockVerdict.Allowed allowed) {
    CallCredential credential = allowed.credential();
    return requests
        .send(attempt.asked.request(), attempt.asked.row(), credential)
        .compose(
            results ->
                attempt.isLateReclaim(results)
                    ? requests.send(attempt.asked.request().anew(), attempt.asked.row(), credential)
                    : Future.succeededFuture(results))
        .map(results -> ended(attempt, results))
        .recover(
            why -> {
              if (why instanceof UpstreamLocks.RefusedException) {
                attempt.undo();
                changes.keep(attempt.entry);
              }
              return answers.unknown(why);
            });
  }

  private LockResults ended(Attempt attempt, LockResults results) {
    HeldEntry entry = attempt.entry;
    switch (results.status()) {
      case NlmStatus.GRANTED -> {
        entry.isExclusive = attempt.asked.request().exclusive();
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

  private Future<LockResults> unlock(AskedLock asked) {
    HeldEntry entry = held.find(asked.key());
    int grants = entry == null ? 0 : entry.grants;
    return asOwner(asked, entry)
        .map(
            results -> {
              if (entry != null) {
                changes.unlocked(entry, asked.request().range(), results.status(), grants);
              }
              return results;
            });
  }

  private Future<LockResults> unshare(AskedLock asked) {
    HeldEntry entry = held.find(asked.key());
    return asOwner(asked, entry)
        .map(
            results -> {
              if (entry != null && HeldChanges.isUnlocked(results.status())) {
                changes.gone(entry);
              }
              return results;
            });
  }

  private Future<LockResults> cancel(AskedLock asked) {
    HeldEntry entry = held.find(asked.key());
    return asOwner(asked, entry)
        .map(
            results -> {
              if (entry != null) {
                changes.cancelled(entry, asked.request().range(), results.status());
              }
              return results;
            });
  }

  /** Sends an unlock or a cancel as whoever locked; by the rules if nobody here knows of a lock. */
  private Future<LockResults> asOwner(AskedLock asked, @Nullable HeldEntry entry) {
    Future<LockResults> sent =
        entry != null
            ? requests.send(asked.request(), asked.row(), entry.credential())
            : judged(
                asked,
                allowed -> requests.send(asked.request(), asked.row(), allowed.credential()));
    return sent.recover(
        failure ->
            failure instanceof LockAnswers.BadCredentialException
                    || failure instanceof LockAnswers.SilentException
                ? Future.failedFuture(failure)
                : answers.silent(
                    LockEvent.UNANSWERED_ORIGIN, String.valueOf(failure.getMessage())));
  }
}
