package org.nfsproxy.server.fakes;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what happens sooner or later, with a bound that only a failure reaches. */
public final class Eventually {
  /** Long enough for a machine that is busy with everything else. */
  public static final int MILLIS_MAX = 30_000;

  private static final int POLL_MILLIS = 10;

  private Eventually() {}

  /**
   * Waits for a condition, or fails the test.
   *
   * @param what is waited for
   * @param condition whether it is so
   */
  public static void eventually(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS_MAX);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("waited in vain for: " + what);
      }
      pause(POLL_MILLIS);
    }
  }

  /**
   * Waits for a latch, or fails the test.
   *
   * @param latch what another thread counts down
   */
  public static void await(CountDownLatch latch) {
    try {
      if (!latch.await(MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        fail("waited in vain for a latch");
      }
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  /**
   * Lets time pass.
   *
   * @param millis how much
   */
  public static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }
}
