package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Makes one question of those that are asked at the same time. Remembers nothing afterwards.
 *
 * @param <K> what is asked about
 * @param <V> the answer
 */
final class SingleFlight<K, V> {
  private final ConcurrentMap<K, Future<V>> inFlight = new ConcurrentHashMap<>();

  /** The answer to the question that is under way, or else to a new one. */
  Future<V> ask(K key, Supplier<Future<V>> question) {
    Promise<V> promise = Promise.promise();
    Future<V> mine = promise.future();
    Future<V> earlier = inFlight.putIfAbsent(key, mine);
    if (earlier != null) {
      return earlier;
    }
    begun(question)
        .onComplete(
            answer -> {
              inFlight.remove(key, mine);
              promise.handle(answer);
            });
    return mine;
  }

  private static <V> Future<V> begun(Supplier<Future<V>> question) {
    try {
      return question.get();
    } catch (RuntimeException | Error wrong) {
      return Future.failedFuture(wrong);
    }
  }
}
