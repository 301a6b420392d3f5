package org.nfsproxy.tls;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for what handshakes compute, so that no event loop does. */
// What a handshake computes takes a millisecond and more. Half as many as there are cores: a flood
// of handshakes leaves the others to those who are served. Each connection has one task there at a
// time, so that their number is bounded with the handshakes'.
public final class HandshakeThreads {
  private HandshakeThreads() {}

  /**
   * Makes them.
   *
   * @param name in front of their numbers
   * @return the caller's to end
   */
  public static ExecutorService start(String name) {
    return start(name, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  /**
   * Makes as many as are wanted.
   *
   * @param name in front of their numbers
   * @param count how many there may be
   * @return the caller's to end
   */
  public static ExecutorService start(String name, int count) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        count,
        task -> {
          Thread thread = new Thread(task, name + "-" + number.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }
}
