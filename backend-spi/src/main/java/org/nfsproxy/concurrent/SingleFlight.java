package org.nfsproxy.concurrent;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one task of those that are wanted at the same time. Remembers nothing afterwards. Safe for
 * several threads.
 *
 * @param <K> what it is about
 * @param <V> what comes of it
 */
public final class SingleFlight<K, V> {
  private final ConcurrentMap<K, Future<V>> underWay = new ConcurrentHashMap<>();

  /**
   * Joins the task that is under way, or begins one.
   *
   * @param key what it is about
   * @param task begins it; what it throws makes it fail
   * @return what comes of it, the same future for all who join it
   */
  public Future<V> join(K key, Supplier<Future<V>> task) {
    Promise<V> promise = Promise.promise();
    Future<V> mine = promise.future();
    Future<V> earlier = underWay.putIfAbsent(key, mine);
    if (earlier != null) {
      return earlier;
    }
    begun(task)
        .onComplete(
            answer -> {
              underWay.remove(key, mine);
              promise.handle(answer);
            });
    return mine;
  }

  private static <V> Future<V> begun(Supplier<Future<V>> task) {
    try {
      return task.get();
    } catch (RuntimeException | Error bug) {
      return Future.failedFuture(bug);
    }
  }

  /**
   * How many are under way.
   *
   * @return 0 or more
   */
  public int size() {
    return underWay.size();
  }

  /**
   * The task that is under way.
   *
   * @param key what it is about
   * @return null if there is none
   */
  public @Nullable Future<V> underWay(K key) {
    return underWay.get(key);
  }
}
