package org.nfsproxy.concurrent;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** How long an answer may take. */
public final class TimeLimit {
  private TimeLimit() {}

  /**
   * Fails an answer that takes too long; what it is the answer of goes on.
   *
   * @param millis how long it may take from now on
   * @param answer what is waited for
   * @param message of the {@link TimeoutException}
   * @param <T> the answer
   * @return the answer, or the exception
   */
  // An answer may itself be that somebody did not answer in time: that one keeps its message.
  public static <T> Future<T> within(long millis, Future<T> answer, String message) {
    return within(millis, answer, () -> new TimeoutException(message));
  }

  /**
   * Fails an answer that takes too long as its caller likes; what it is the answer of goes on.
   *
   * @param millis how long it may take from now on
   * @param answer what is waited for
   * @param late makes the exception
   * @param <T> the answer
   * @return the answer, or the exception
   */
  public static <T> Future<T> within(long millis, Future<T> answer, Supplier<Throwable> late) {
    return answer
        .timeout(millis, TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(answer.isComplete() ? failure : late.get()));
  }
}
