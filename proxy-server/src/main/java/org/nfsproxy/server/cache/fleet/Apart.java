package org.nfsproxy.server.cache.fleet;

import java.util.function.LongSupplier;

/**
 * The time behind a purge in which an instance takes no data of others, since not all may have
 * purged yet. Begun and ended on one event loop; looked at from any thread.
 */
// Longer than all of them have to answer: when it ends here, whoever has answered has purged, and
// whatever it says then is of after that.
final class Apart {
  static final long NANOS = 2 * NeighbourLink.PURGE_NANOS;

  private final LongSupplier nanos;
  private volatile boolean isApart;
  private long untilNanos;

  /** Not now. */
  Apart(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Begins, or begins anew. */
  void begin() {
    untilNanos = nanos.getAsLong() + NANOS;
    isApart = true;
  }

  /** Whether it is that time. */
  boolean is() {
    return isApart;
  }

  /** Ends it when it is over. Returns whether it has just ended. */
  boolean ends() {
    if (!isApart || nanos.getAsLong() - untilNanos < 0) {
      return false;
    }
    isApart = false;
    return true;
  }
}
