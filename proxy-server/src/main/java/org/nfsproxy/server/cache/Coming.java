package org.nfsproxy.server.cache;

import java.util.ArrayList;
import java.util.List;

/** A range of a file's version that will soon be in memory, and who waits for it. */
// Nobody says that a fetch has come to nothing because its connection has gone: who waits does so
// until a time, and after that time nobody begins to.
final class Coming {
  final long from;
  final long to;
  final long untilNanos;

  /** Whether a source brings it, and no client's READ. */
  final boolean isOfSource;

  private List<Runnable> waiting = new ArrayList<>(0);
  private boolean hasEnded;

  /**
   * A range.
   *
   * @param from offset of its first byte
   * @param to behind its last
   * @param untilNanos when it is to be taken for lost
   * @param isOfSource whether a source brings it, and no client's READ
   */
  Coming(long from, long to, long untilNanos, boolean isOfSource) {
    this.from = from;
    this.to = to;
    this.untilNanos = untilNanos;
    this.isOfSource = isOfSource;
  }

  boolean isLate(long nowNanos) {
    return nowNanos - untilNanos >= 0;
  }

  /** Has somebody told when it has ended; false if it has, and he is not told. */
  synchronized boolean tell(Runnable ended) {
    return !hasEnded && waiting.add(ended);
  }

  synchronized boolean hasEnded() {
    return hasEnded;
  }

  /** Says that it is here, or will not be. */
  void end() {
    List<Runnable> told;
    synchronized (this) {
      hasEnded = true;
      told = waiting;
      waiting = List.of();
    }
    told.forEach(Runnable::run);
  }
}
