package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Answers of other threads are heard on one. */
class OnLoopTest {
  @Test
  void future_ofAnotherContext_isHeardOnTheCallers_whetherItIsCompleteOrNot() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      ContextInternal here = ((VertxInternal) vertx).createEventLoopContext();
      ContextInternal there = ((VertxInternal) vertx).createEventLoopContext();
      for (boolean complete : new boolean[] {true, false}) {
        Promise<String> promise = there.promise();
        if (complete) {
          there.runOnContext(run -> promise.complete("answer"));
          promise.future().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        CompletableFuture<Boolean> heard = new CompletableFuture<>();
        here.runOnContext(
            run -> {
              Future<String> back = OnLoop.of(vertx, promise.future());
              back.onComplete(done -> heard.complete(here.isRunningOnContext()));
              if (!complete) {
                there.runOnContext(later -> promise.complete("answer"));
              }
            });
        assertEquals(true, heard.get(20, TimeUnit.SECONDS), "complete: " + complete);
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }
}
