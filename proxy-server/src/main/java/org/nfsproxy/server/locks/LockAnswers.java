package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.server.locks.wire.LockRequest;
import org.nfsproxy.server.locks.wire.LockResults;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What calls come to that the origin does not decide: refusals, and silence. By one thread. */
// What is in doubt is refused, LCK_DENIED_NOLOCKS, where the client holds nothing by it; else it
// hears nothing, and asks again.
final class LockAnswers {
  private static final int WARNED_SECONDS = 60;

  private static final Logger log = LoggerFactory.getLogger(LockAnswers.class);

  private final LockCounts counts;
  private long warnedNanos = System.nanoTime() - TimeUnit.SECONDS.toNanos(WARNED_SECONDS + 1);

  LockAnswers(LockCounts counts) {
    this.counts = counts;
  }

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

  Future<LockResults> silent(LockEvent event, String why) {
    counts.count(event);
    return Future.failedFuture(new SilentException(why));
  }

  Future<LockResults> refused(LockEvent event, int status) {
    counts.count(event);
    return Future.succeededFuture(LockResults.of(status));
  }

  Future<LockResults> noRoom(LockEvent event) {
    return refused(event, NlmStatus.DENIED_NOLOCKS);
  }

  // Clients wait some seconds and ask again when they are told of a grace period, all that we know.
  // A reclaim that is told so is given up, and its program not told: it hears nothing instead.
  Future<LockResults> putOff(LockRequest request, LockEvent event, String why) {
    return request.reclaim() ? silent(event, why) : refused(event, NlmStatus.DENIED_GRACE_PERIOD);
  }

  /** What may be held could not be remembered, and has not left. */
  Future<LockResults> unwritten(LockRequest request, Throwable why) {
    String reason = String.valueOf(why.getMessage());
    if (why instanceof UpstreamLocks.ClosedException) {
      return silent(LockEvent.UNANSWERED_ORIGIN, reason);
    }
    return why instanceof SharedTerm.AwayException
        ? putOff(request, LockEvent.REFUSED_INSTANCES, reason)
        : noRoom(LockEvent.REFUSED_JOURNAL_BROKEN);
  }

  /** The origin's answer cannot be read, or there is none: the client asks again. */
  Future<LockResults> unknown(Throwable why) {
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
}
