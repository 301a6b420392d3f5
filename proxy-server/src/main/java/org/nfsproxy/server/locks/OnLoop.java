package org.nfsproxy.server.locks;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** Brings answers of others back to the event loop of locks. */
// All that locks know is one thread's, without a lock. What comes from the judge or the backend may
// complete on any thread, and what is chained to it would run there.
final class OnLoop {
  private OnLoop() {}

  /**
   * A future that completes on the event loop that calls this.
   *
   * @param future may complete anywhere
   * @return the same, here
   */
  static <T> Future<T> of(Vertx vertx, Future<T> future) {
    if (future.isComplete()) {
      return future.succeeded()
          ? Future.succeededFuture(future.result())
          : Future.failedFuture(future.cause());
    }
    Context here = vertx.getOrCreateContext();
    Promise<T> promise = Promise.promise();
    future.onComplete(
        done ->
            here.runOnContext(
                back -> {
                  if (done.succeeded()) {
                    promise.complete(done.result());
                  } else {
                    promise.fail(done.cause());
                  }
                }));
    return promise.future();
  }
}
