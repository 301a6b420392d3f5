package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.DoubleToIntFunction;

/**
 * Whether the balancer should send clients here.
 *
 * <pre>
 *            drain             noticeMillis later
 *  SERVING ---------> NOTICE ---------------------> DRAINED    connections are shed
 *     ^                 |                              |
 *     +-----------------+-----------undrain------------+
 * </pre>
 */
// An instance that is drained goes on listening: a balancer that has not noticed, or has nobody
// else, still gets its clients served.
final class Draining {
  private enum State {
    SERVING,
    NOTICE,
    DRAINED
  }

  private final Vertx vertx;
  private final int noticeMillis;
  private final DoubleToIntFunction shed;
  private State state = State.SERVING;
  private final Promise<Void> noticed = Promise.promise();
  private long timer = -1;

  /**
   * Of an instance that serves.
   *
   * @param noticeMillis how long the balancer needs to notice
   * @param shed closes a share of the connections
   */
  Draining(Vertx vertx, int noticeMillis, DoubleToIntFunction shed) {
    this.vertx = vertx;
    this.noticeMillis = noticeMillis;
    this.shed = shed;
  }

  synchronized boolean isServing() {
    return state == State.SERVING;
  }

  /** Sends no new client here, and in a while the others away. */
  synchronized void drain() {
    notice().map(over -> shed.applyAsInt(1));
  }

  /**
   * Fails readiness, and waits until the balancer must have noticed.
   *
   * @return completes then; at once if it has had its time already
   */
  synchronized Future<Void> notice() {
    if (state == State.SERVING) {
      state = State.NOTICE;
      if (noticeMillis == 0) {
        over();
      } else {
        timer = vertx.setTimer(noticeMillis, late -> over());
      }
    }
    return noticed.future();
  }

  private synchronized void over() {
    if (state == State.NOTICE) {
      state = State.DRAINED;
      noticed.complete();
    }
  }

  /** Takes clients again. */
  synchronized void undrain() {
    vertx.cancelTimer(timer);
    state = State.SERVING;
  }

  /** Closes some connections, whose clients the balancer may send elsewhere or back. */
  int rebalance(double share) {
    return shed.applyAsInt(share);
  }
}
