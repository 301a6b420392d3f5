package org.nfsproxy.server.cache;

/**
 * One thread that does one thing after the other: what reads ahead of clients belongs to it, and
 * needs no lock. Methods may be called from any thread.
 */
public interface Turns {
  /** Does it, after all that was asked for before. */
  void run(Runnable turn);

  /** Does it in so many milliseconds. */
  void later(long millis, Runnable turn);
}
