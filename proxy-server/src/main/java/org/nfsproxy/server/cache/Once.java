package org.nfsproxy.server.cache;

/** What may be done one time. Used on one thread. */
final class Once {
  private boolean isTaken;

  /** True the first time. */
  boolean take() {
    boolean isFirst = !isTaken;
    isTaken = true;
    return isFirst;
  }
}
