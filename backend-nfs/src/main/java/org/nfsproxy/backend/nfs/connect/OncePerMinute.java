package org.nfsproxy.backend.nfs.connect;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets something through at most once a minute: a warning that others would repeat. */
final class OncePerMinute {
  static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong nextNanos = new AtomicLong(Long.MIN_VALUE);

  /**
   * Whether it is time.
   *
   * @param nowNanos by {@link System#nanoTime}
   */
  boolean isDue(long nowNanos) {
    long next = nextNanos.get();
    return (next == Long.MIN_VALUE || nowNanos - next >= 0)
        && nextNanos.compareAndSet(next, nowNanos + MINUTE_NANOS);
  }
}
