package org.nfsproxy.server.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A range of a file's version that will soon be in memory, and who waits for it. */
// Nobody says that a fetch has come to nothing because its connection has gone: who waits does so
// until a time, and after that time nobody begins to.
final class Coming {
  /** Stands for whoever it is, where other instances bring it. */
  static final Object NEIGHBOURS = "neighbours";

  final long from;
  final long to;
  final long untilNanos;

  /** For whom it is fetched, see {@link Source.Wanted}; null if a source brings it. */
  final @Nullable Object asker;

  private List<Runnable> waiting = new ArrayList<>(0);
  private boolean hasEnded;

  /**
   * A range.
   *
   * @param from offset of its first byte
   * @param to behind its last
   * @param untilNanos when it is to be taken for lost
   * @param asker for whom it is fetched; null if a source brings it
   */
  Coming(long from, long to, long untilNanos, @Nullable Object asker) {
    this.from = from;
    this.to = to;
    this.untilNanos = untilNanos;
    this.asker = asker;
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
