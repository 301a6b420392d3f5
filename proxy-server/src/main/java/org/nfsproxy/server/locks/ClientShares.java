package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.locks.wire.LockRequest;
import org.nfsproxy.server.locks.wire.LockResults;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.server.locks.wire.ShareMode;

/**
 * What clients share: files that they have open, with what nobody else may do meanwhile (SHARE of
 * X/Open XNFS). Used on one event loop.
 */
// As with locks, what may be shared is remembered before the SHARE leaves. An owner has one share
// of a file, so a further SHARE changes it: until its results are there, either may be in force,
// and what is remembered is both together.
//
// A SHARE says nothing of the client's NSM state. It is taken to be of the state that was heard
// last of the same owner, by a LOCK or a notice: see OwnerRows.
final class ClientShares {
  private final OriginRequests requests;
  private final OwnerRows rows;
  private final HeldLocks held;
  private final LockMemory memory;
  private final HeldChanges changes;
  private final LockAnswers answers;

  ClientShares(
      OriginRequests requests,
      OwnerRows rows,
      HeldLocks held,
      LockMemory memory,
      HeldChanges changes,
      LockAnswers answers) {
    this.requests = requests;
    this.rows = rows;
    this.held = held;
    this.memory = memory;
    this.changes = changes;
    this.answers = answers;
  }

  /**
   * A SHARE that is under way.
   *
   * @param before what was shared before it; null for nothing
   * @param sharer as whom
   */
  private record Attempt(
      AskedLock asked, HeldEntry entry, @Nullable ShareMode before, LockVerdict.Allowed sharer) {
    ShareMode wanted() {
      return asked.request().share();
    }

    /** As a LOCK that is a late reclaim: see {@link ClientLocks}. */
    boolean isLateReclaim(LockResults results) {
      return results.status() == NlmStatus.DENIED_GRACE_PERIOD
          && asked.request().reclaim()
          && before != null
          && before.covers(wanted());
    }
  }

  /** Does a SHARE that rules allow. */
  Future<LockResults> share(AskedLock asked, LockVerdict.Allowed allowed) {
    LockRequest request = asked.request();
    HeldEntry known = held.find(asked.key());
    ShareMode before = known == null ? null : known.share;
    boolean isMore = before == null || !before.covers(request.share());
    if (isMore && memory.isFull()) {
      return answers.putOff(request, LockEvent.REFUSED_JOURNAL_FULL, "the journal is full");
    }
    if (isMore && !held.hasRoom(asked.caller().address(), known == null)) {
      return answers.noRoom(LockEvent.REFUSED_HELD);
    }
    HeldEntry entry = known;
    if (entry == null) {
      entry = asked.fresh(allowed);
      held.add(entry);
    }
    LockVerdict.Allowed sharer = new LockVerdict.Allowed(entry.flavor, entry.credentialBody);
    boolean isNews = asked.tells(entry, allowed, rows.state(asked.row())) || isMore;
    entry.share = before == null ? request.share() : before.with(request.share());
    Attempt attempt = new Attempt(asked, entry, before, sharer);
    return memory
        .written(asked.row(), entry, isNews)
        .transform(
            written ->
                written.succeeded()
                    ? send(attempt, allowed.credential())
                    : unwritten(attempt, written.cause()));
  }

  private Future<LockResults> unwritten(Attempt attempt, Throwable why) {
    if (!(why instanceof UpstreamLocks.ClosedException)) {
      undo(attempt);
    }
    return answers.unwritten(attempt.asked.request(), why);
  }

  private Future<LockResults> send(Attempt attempt, CallCredential credential) {
    LockRequest request = attempt.asked.request();
    int row = attempt.asked.row();
    return requests
        .send(request, row, credential)
        .compose(
            results ->
                attempt.isLateReclaim(results)
                    ? requests.send(request.anew(), row, credential)
                    : Future.succeededFuture(results))
        .map(
            results -> {
              if (results.status() == NlmStatus.GRANTED) {
                becomes(attempt.entry, attempt.wanted());
              } else {
                undo(attempt);
              }
              return results;
            })
        .recover(
            why -> {
              if (why instanceof UpstreamLocks.RefusedException) {
                undo(attempt);
              }
              return answers.unknown(why);
            });
  }

  private void undo(Attempt attempt) {
    attempt.entry.flavor = attempt.sharer.flavor();
    attempt.entry.credentialBody = attempt.sharer.body();
    becomes(attempt.entry, attempt.before);
  }

  private void becomes(HeldEntry entry, @Nullable ShareMode share) {
    entry.share = share;
    changes.keep(entry);
  }
}
