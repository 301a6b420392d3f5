package org.nfsproxy.server.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * For whose fetches of one version of a file nobody waits for a while, since some came to nothing.
 * For all threads.
 */
// Who asks is the key that turns at the disk have (Source.Wanted): a client's address. So what one
// that may not read the file, or takes no replies, costs others is bounded to it: they still wait
// for each other's.
//
// One that is late costs those who wait for it all the time that they may wait, and is what an
// origin makes of all that is slow. So two clients that are late at a time are taken for that, and
// everybody fetches for himself, as he does where there are more than can be remembered.
final class Distrusted {
  /** How long. */
  static final long NANOS = TimeUnit.SECONDS.toNanos(10);

  /** More than those are taken for all. */
  static final int CLIENTS_MAX = 16;

  private final Map<Object, Long> untilNanos = new HashMap<>();
  private @Nullable Object late;
  private long lateUntilNanos;
  private boolean areAll;
  private long allUntilNanos;
  private volatile long lastUntilNanos;

  /** As of a time when nobody is. */
  Distrusted(long nowNanos) {
    lastUntilNanos = nowNanos;
  }

  /** Adds one of whom a fetch came to nothing; whether it was not in. */
  synchronized boolean add(Object asker, long nowNanos) {
    lastUntilNanos = nowNanos + NANOS;
    untilNanos.values().removeIf(until -> until - nowNanos <= 0);
    if (untilNanos.size() >= CLIENTS_MAX && !untilNanos.containsKey(asker)) {
      addAll(nowNanos);
      return true;
    }
    return untilNanos.put(asker, lastUntilNanos) == null;
  }

  /** Adds a client of whom one did not come in time; whether it was not in. */
  synchronized boolean addLate(Object asker, long nowNanos) {
    if (late != null && !late.equals(asker) && lateUntilNanos - nowNanos > 0) {
      addAll(nowNanos);
    }
    late = asker;
    lateUntilNanos = nowNanos + NANOS;
    return add(asker, nowNanos);
  }

  private void addAll(long nowNanos) {
    areAll = true;
    allUntilNanos = nowNanos + NANOS;
  }

  boolean has(Object asker, long nowNanos) {
    return lastUntilNanos - nowNanos > 0 && isIn(asker, nowNanos);
  }

  private synchronized boolean isIn(Object asker, long nowNanos) {
    Long until = untilNanos.get(asker);
    return until != null && until - nowNanos > 0 || areAll && allUntilNanos - nowNanos > 0;
  }
}
