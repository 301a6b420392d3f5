package org.nfsproxy.backend.nfs.connect;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reachability;
import org.nfsproxy.backend.Reachability.State;
import org.nfsproxy.backend.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the origin, or an equivalent in its place, answers. A loss and the return are logged.
 * Safe for use by several threads.
 */
// What the origin sends to any client shows that it answers, and costs one write for each batch
// read. Only where it sends nothing does somebody have to ask. What is no reason to think it gone:
// a program it does not serve, and a lack of source ports here.
public final class OriginReachability {
  private static final Logger log = LoggerFactory.getLogger(OriginReachability.class);

  private final String origin;
  private final int waitMillis;
  private final OncePerMinute losses = new OncePerMinute();
  private volatile State state = State.NOT_ASKED;
  private volatile long heardNanos = System.nanoTime();
  // under this object's lock:
  private Instant since = Instant.now();
  private boolean isHeard;
  private long roundTripNanos = -1;
  private @Nullable String lastError;
  private boolean isLossTold;

  /**
   * Nobody has asked yet.
   *
   * @param origin what it is called in the log
   * @param waitMillis how long clients wait for it at a time
   */
  public OriginReachability(String origin, int waitMillis) {
    this.origin = origin;
    this.waitMillis = waitMillis;
  }

  /** The origin has sent something. */
  public void heard() {
    heardNanos = System.nanoTime();
    if (state != State.ANSWERS) {
      answers();
    }
  }

  /**
   * The origin has answered a NULL call.
   *
   * @param nanos how long that took
   */
  public void answered(long nanos) {
    synchronized (this) {
      roundTripNanos = nanos;
    }
    heard();
  }

  private synchronized void answers() {
    if (state == State.ANSWERS) {
      return;
    }
    if (isLossTold) {
      isLossTold = false;
      long seconds = Duration.between(since, Instant.now()).toSeconds();
      log.info("origin {} answers again, after {} s", origin, seconds);
    }
    isHeard = true;
    state = State.ANSWERS;
    since = Instant.now();
  }

  /**
   * The origin could not be reached, or did not answer.
   *
   * @param why what went wrong
   */
  public synchronized void failed(Throwable why) {
    lastError = Reason.of(why);
    if (state == State.SILENT) {
      return;
    }
    boolean isLoss = state == State.ANSWERS;
    state = State.SILENT;
    since = Instant.now();
    if (isLoss && losses.isDue(System.nanoTime())) {
      isLossTold = true;
      log.warn(
          "origin {} does not answer: {}. Clients wait for it, connections that it broke up to {} ms at"
              + " a time",
          origin,
          lastError,
          waitMillis);
    }
  }

  /**
   * Whether somebody has to ask, since nothing was heard for a while.
   *
   * @param quietNanos how long is a while
   */
  public boolean isQuiet(long quietNanos) {
    return state != State.ANSWERS || System.nanoTime() - heardNanos >= quietNanos;
  }

  /**
   * What is known.
   *
   * @return now
   */
  public synchronized Reachability now() {
    Instant heard = Instant.now().minusNanos(System.nanoTime() - heardNanos);
    return new Reachability(
        state,
        since,
        isHeard ? Optional.of(heard) : Optional.empty(),
        roundTripNanos < 0 ? Optional.empty() : Optional.of(roundTripNanos),
        Optional.ofNullable(lastError));
  }
}
