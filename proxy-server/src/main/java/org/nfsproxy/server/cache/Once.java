package org.nfsproxy.server.cache;

/** What may be done one time for somebody. Used on one thread. */
final class Once {
  /** For whom, see {@link Source.Wanted}. */
  final Object asker;

  private boolean isTaken;

  Once(Object asker) {
    this.asker = asker;
  }

  /** True the first time. */
  boolean take() {
    boolean isFirst = !isTaken;
    isTaken = true;
    return isFirst;
  }
}
