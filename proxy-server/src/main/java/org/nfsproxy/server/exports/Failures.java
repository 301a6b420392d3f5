package org.nfsproxy.server.exports;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Remembers for moments what could not be answered, so that a client which asks in a loop does not
 * make the proxy ask in a loop.
 *
 * @param <K> what was asked about
 */
// When there are too many, all are forgotten: each costs one question, and a flood of different
// failing handles is one that remembering cannot help against.
final class Failures<K> {
  /** About a megabyte and a half of handles. */
  static final int REMEMBERED_MAX = 8192;

  private record Remembered(Throwable failure, long untilNanos) {}

  private final LongSupplier nanoTime;
  private final Map<K, Remembered> remembered = new ConcurrentHashMap<>();

  Failures(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The failure that still holds, or null. */
  Throwable find(K key) {
    Remembered last = remembered.get(key);
    if (last == null) {
      return null;
    }
    if (nanoTime.getAsLong() - last.untilNanos >= 0) {
      remembered.remove(key, last);
      return null;
    }
    return last.failure;
  }

  void remember(K key, Throwable failure) {
    int millis = Failure.of(failure).rememberedMillis();
    if (millis == 0) {
      return;
    }
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear();
    }
    long until = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
    remembered.put(key, new Remembered(failure, until));
  }
}
