package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  private static final long SECOND = 1_000_000_000L;

  private static LatencyHistogram.Sum sumOf(LatencyHistogram... all) {
    LatencyHistogram.Sum sum = LatencyHistogram.Sum.ofFine();
    for (LatencyHistogram each : all) {
      sum.add(each);
    }
    return sum;
  }

  @Test
  void anyTime_fromAMicrosecondOn_isToldWithinFivePercent() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      long nanos = (long) Math.pow(10, 3 + random.nextDouble() * 9);
      LatencyHistogram one = LatencyHistogram.fine();
      one.record(nanos);
      long told = sumOf(one).quantileNanos(0.5);
      double off = Math.abs(told - nanos) / (double) nanos;
      assertTrue(off < 0.05, nanos + " ns is told as " + told + ", seed " + seed);
    }
  }

  @Test
  void quantiles_ofAThousandTimes_areTheTimesThemselves_withinFivePercent() {
    LatencyHistogram even = LatencyHistogram.fine();
    LatencyHistogram odd = LatencyHistogram.fine();
    for (int i = 1; i <= 1000; i++) {
      (i % 2 == 0 ? even : odd).record(i * 1_000_000L);
    }
    LatencyHistogram.Sum sum = sumOf(even, odd);
    assertEquals(1000, sum.count());
    assertEquals(500.5, sum.seconds(), 1e-9);
    assertEquals(990e6, sum.quantileNanos(0.99), 0.05 * 990e6);
    assertEquals(1e6, sum.quantileNanos(0), 0.05 * 1e6);
    assertEquals(1000e6, sum.quantileNanos(1), 0.05 * 1000e6);
  }

  @Test
  void countsBelow_powersOfTwo_areExact() {
    LatencyHistogram some = LatencyHistogram.fine();
    for (long nanos : new long[] {0, (1 << 14) - 1, 1 << 14, (1 << 15) - 1, 1 << 15, SECOND}) {
      some.record(nanos);
    }
    assertArrayEquals(new long[] {2, 4, 5}, sumOf(some).countsBelow(14, 16));
    assertEquals(6, sumOf(some).countsBelow(36, 36)[0]);
  }

  @Test
  void coarse_isOffByAQuarterAtMost_fromSixteenMicrosecondsOn() {
    for (long nanos = 16_384; nanos < 100 * SECOND; nanos += nanos / 7) {
      LatencyHistogram one = LatencyHistogram.coarse();
      one.record(nanos);
      LatencyHistogram.Sum sum = LatencyHistogram.Sum.ofCoarse();
      sum.add(one);
      assertEquals(nanos, sum.quantileNanos(0.5), nanos / 4.0);
    }
  }

  @Test
  void whatIsLongerThanAnything_andWhatIsBelowZero_isCounted() {
    LatencyHistogram some = LatencyHistogram.fine();
    some.record(Long.MAX_VALUE / 2);
    some.record(-5);
    assertEquals(2, sumOf(some).count());
    assertEquals(1, sumOf(some).countsBelow(14, 14)[0]);
  }

  @Test
  void sumSinceAnEarlierOne_hasWhatWasAdded_andItsLongest() {
    LatencyHistogram times = LatencyHistogram.fine();
    times.record(5_000_000);
    LatencyHistogram.Sum earlier = LatencyHistogram.Sum.ofFine();
    earlier.add(times);
    times.record(1_000_000);
    times.record(2_000_000);
    LatencyHistogram.Sum now = LatencyHistogram.Sum.ofFine();
    now.add(times);
    LatencyHistogram.Sum added = now.since(earlier);
    assertEquals(2, added.count());
    assertEquals(0.003, added.seconds(), 1e-9);
    assertEquals(2_000_000, added.longestNanos(), 2_000_000 * 0.032);
    assertEquals(5_000_000, now.longestNanos(), 5_000_000 * 0.032);
    assertEquals(0, earlier.since(now).count());
    assertEquals(0, LatencyHistogram.Sum.ofFine().longestNanos());
  }
}
