package org.nfsproxy.server.cache;

import java.util.concurrent.atomic.AtomicLong;

/** What data take in memory. For all threads. */
final class HeldBytes {
  private final AtomicLong all = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();

  /** So much more of it is taken. */
  void add(long bytes) {
    all.addAndGet(bytes);
  }

  /** So much more of it is of extents of which somebody is being sent a part. */
  void addSent(long bytes) {
    sent.addAndGet(bytes);
  }

  long all() {
    return all.get();
  }

  /** What of it cannot be given back before somebody has taken what is sent. */
  long sent() {
    return sent.get();
  }
}
