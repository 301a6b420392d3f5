package org.nfsproxy.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
  private static final long LONG_MILLIS = 60_000;

  private static Throwable failure(Future<?> future) {
    return assertThrows(
            ExecutionException.class,
            () -> future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .getCause();
  }

  @Test
  void answerInTime_isTheAnswer() {
    Promise<Integer> answer = Promise.promise();
    Future<Integer> bounded = TimeLimit.within(LONG_MILLIS, answer.future(), "late");
    answer.complete(7);
    assertEquals(7, bounded.result());
  }

  @Test
  void noAnswer_isATimeout_withItsMessage() {
    Throwable late = failure(TimeLimit.within(1, Promise.promise().future(), "nobody answers"));
    assertEquals(TimeoutException.class, late.getClass());
    assertEquals("nobody answers", late.getMessage());
  }

  @Test
  void answerThatSomebodyElseWasLate_keepsItsMessage() {
    Promise<Integer> answer = Promise.promise();
    Future<Integer> bounded = TimeLimit.within(LONG_MILLIS, answer.future(), "late");
    Throwable inner = new TimeoutException("inner");
    answer.fail(inner);
    assertSame(inner, bounded.cause());
  }
}
