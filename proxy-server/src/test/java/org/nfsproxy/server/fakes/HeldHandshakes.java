package org.nfsproxy.server.fakes;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.tls.HandshakeThreads;

/** A thread for handshakes that computes none until it is let go. */
public final class HeldHandshakes {
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());

  /** Holds it. */
  public HeldHandshakes() {
    pool.execute(this::hold);
  }

  private void hold() {
    try {
      letGo.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Computes from now on. */
  public void letGo() {
    letGo.countDown();
  }

  /** Computes the next that waits, if there is one, where this is called. */
  public void computeNext() {
    Runnable next = pool.getQueue().poll();
    if (next != null) {
      next.run();
    }
  }

  /** How many tasks wait. */
  public int waiting() {
    return pool.getQueue().size();
  }

  /** For who computes handshakes; to be closed. */
  public HandshakeThreads threads() {
    return new HandshakeThreads(pool);
  }
}
