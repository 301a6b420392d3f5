package org.nfsproxy.server.cache.fleet;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Purges of this instance, one at a time: all who want one while one runs have the next in common,
 * which begins behind it. Used on one event loop.
 */
final class Purges {
  private final Supplier<Future<Long>> purge;
  private boolean isRunning;
  private @Nullable Promise<Long> next;

  /**
   * None.
   *
   * @param purge does it, and says how many bytes were dropped, on this event loop
   */
  Purges(Supplier<Future<Long>> purge) {
    this.purge = purge;
  }

  /** Purges, from now on. */
  Future<Long> purge() {
    if (next == null) {
      next = Promise.promise();
    }
    Promise<Long> mine = next;
    if (!isRunning) {
      begin();
    }
    return mine.future();
  }

  private void begin() {
    Promise<Long> now = next;
    if (now == null) {
      return;
    }
    next = null;
    isRunning = true;
    purge
        .get()
        .onComplete(
            done -> {
              isRunning = false;
              if (done.succeeded()) {
                now.complete(done.result());
              } else {
                now.fail(done.cause());
              }
              if (!isRunning) {
                begin();
              }
            });
  }
}
