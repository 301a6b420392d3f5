package org.nfsproxy.server.listen;

/** Seconds since the start, good enough for time-outs, and free to read for every call. */
final class CoarseClock {
  private final long startNanos = System.nanoTime();
  private volatile long second = 1;

  long second() {
    return second;
  }

  /** Reads the machine's clock. */
  long update() {
    second = 1 + (System.nanoTime() - startNanos) / 1_000_000_000L;
    return second;
  }
}
