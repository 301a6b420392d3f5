package org.nfsproxy.server.cache;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** Turns that a test takes, with a clock that goes when the test says so. */
final class HandTurns implements Turns {
  private record Late(long atMillis, long number, Runnable turn) {}

  private final Deque<Runnable> now = new ArrayDeque<>();
  private final PriorityQueue<Late> late =
      new PriorityQueue<>(Comparator.comparingLong(Late::atMillis).thenComparing(Late::number));
  private long number;

  /** Some day in 2026; also what the monotonic clock says. */
  long nowMillis = 1_790_000_000_000L;

  long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(nowMillis);
  }

  long millis() {
    return nowMillis;
  }

  @Override
  public void run(Runnable turn) {
    now.add(turn);
  }

  @Override
  public void later(long millis, Runnable turn) {
    late.add(new Late(nowMillis + millis, number++, turn));
  }

  /** Takes all turns that there are to be taken now. */
  void take() {
    while (!now.isEmpty()) {
      now.remove().run();
    }
  }

  /** Lets time pass, with its turns. */
  void pass(long millis) {
    take();
    long until = nowMillis + millis;
    while (!late.isEmpty() && late.peek().atMillis <= until) {
      Late next = late.remove();
      nowMillis = next.atMillis;
      now.add(next.turn);
      take();
    }
    nowMillis = until;
  }
}
