package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Does what concerns one owner and file one after the other. Used on one event loop. */
// An unlock that overtakes its lock leaves a lock that nobody unlocks. So the next call of an owner
// for a file leaves when the one before it has been answered; others do not wait for it.
final class KeyQueues {
  private final Map<HeldKey, Future<?>> last = new HashMap<>();

  /**
   * Runs a task when those before it of the same key have ended.
   *
   * @return what it comes to
   */
  <T> Future<T> run(HeldKey key, Supplier<Future<T>> task) {
    Future<?> before = last.get(key);
    Future<T> mine = before == null ? begun(task) : before.transform(ended -> begun(task));
    last.put(key, mine);
    mine.onComplete(ended -> last.remove(key, mine));
    return mine;
  }

  private static <T> Future<T> begun(Supplier<Future<T>> task) {
    try {
      return task.get();
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }
}
