package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Makes one task of those that are wanted at the same time. Remembers nothing afterwards.
 *
 * @param <K> what it is about
 * @param <V> what comes of it
 */
final class SingleFlight<K, V> {
  private final ConcurrentMap<K, Future<V>> underWay = new ConcurrentHashMap<>();

  Future<V> join(K key, Supplier<Future<V>> task) {
    Promise<V> promise = Promise.promise();
    Future<V> mine = promise.future();
    Future<V> earlier = underWay.putIfAbsent(key, mine);
    if (earlier != null) {
      return earlier;
    }
    Future<V> begun;
    try {
      begun = task.get();
    } catch (RuntimeException | Error wrong) {
      begun = Future.failedFuture(wrong);
    }
    begun.onComplete(
        answer -> {
          underWay.remove(key, mine);
          promise.handle(answer);
        });
    return mine;
  }

  /** The task that is under way, or null. */
  Future<V> underWay(K key) {
    return underWay.get(key);
  }
}
