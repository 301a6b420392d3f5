package org.nfsproxy.server.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often times of each length were met: one thread records, any thread reads.
 *
 * <pre>
 *  unit 64 ns, 16 steps:  0 64 128 ... 960 | 1024 1088 ... 1984 | 2048 2176 ... 3968 | 4096 ...
 *                         equal steps        16 equal steps for each further power of two
 * </pre>
 *
 * <p>The middle of a step is told for all that is in it, so with 16 steps an answer is off by 3.1 %
 * at most from 1 microsecond on, and with 2 by a quarter.
 */
// HdrHistogram does the same with more: its recorder for several threads takes a phaser or atomic
// additions for each value, and its plain one may not be read meanwhile. This is one addition.
public final class LatencyHistogram {
  private static final int FINE_BITS = 4;
  private static final int FINE_UNIT_BITS = 6;
  private static final int COARSE_BITS = 1;
  private static final int COARSE_UNIT_BITS = 13;

  /** Longer than anything that is waited for, 1,100 seconds: what is longer counts as this. */
  private static final int LONGEST_BITS = 40;

  private final int stepBits;
  private final int unitBits;

  /** First all times added up, then a count for each step. */
  private final CounterArray steps;

  private LatencyHistogram(int stepBits, int unitBits) {
    this.stepBits = stepBits;
    this.unitBits = unitBits;
    this.steps = new CounterArray(1 + (LONGEST_BITS - unitBits - stepBits + 1 << stepBits));
  }

  /**
   * For what there are few of.
   *
   * @return one of 496 steps, 4 KB, with errors up to 3.1 %
   */
  public static LatencyHistogram fine() {
    return new LatencyHistogram(FINE_BITS, FINE_UNIT_BITS);
  }

  /**
   * For what there are thousands of.
   *
   * @return one of 54 steps, half a kilobyte, with errors up to a quarter
   */
  public static LatencyHistogram coarse() {
    return new LatencyHistogram(COARSE_BITS, COARSE_UNIT_BITS);
  }

  /**
   * Counts a time.
   *
   * @param nanos nanoseconds; what is below 0 counts as 0
   */
  public void record(long nanos) {
    long time = Math.max(0, nanos);
    steps.add(0, time);
    steps.add(Math.min(1 + step(time >>> unitBits), steps.length() - 1), 1);
  }

  /** Adds what another of this kind has counted that nobody writes to any more. */
  void fold(LatencyHistogram ended) {
    for (int i = 0; i < steps.length(); i++) {
      steps.add(i, ended.steps.get(i));
    }
  }

  double seconds() {
    return steps.get(0) / 1e9;
  }

  private int step(long units) {
    int bits = 63 - Long.numberOfLeadingZeros(units | 1);
    if (bits < stepBits) {
      return (int) units;
    }
    int within = (int) (units >>> bits - stepBits) - (1 << stepBits);
    return (bits - stepBits + 1 << stepBits) + within;
  }

  /** Where a step begins, in nanoseconds. */
  private long edge(int step) {
    int power = step >>> stepBits;
    long within = step & (1 << stepBits) - 1;
    return power == 0 ? within << unitBits : (1L << stepBits) + within << power - 1 + unitBits;
  }

  /** What several of one kind have counted together. */
  public static final class Sum {
    private final LatencyHistogram shape;
    private final long[] all;

    private Sum(LatencyHistogram shape) {
      this.shape = shape;
      this.all = new long[shape.steps.length()];
    }

    /** Nothing yet, of the kind with few. */
    public static Sum ofFine() {
      return new Sum(fine());
    }

    /** Nothing yet, of the kind with thousands. */
    public static Sum ofCoarse() {
      return new Sum(coarse());
    }

    /**
     * Adds what one has counted.
     *
     * @param one of the same kind; null for nothing
     */
    public void add(LatencyHistogram one) {
      if (one != null) {
        one.steps.addTo(all);
      }
    }

    /** Adds what another sum has. */
    public void add(Sum other) {
      for (int i = 0; i < all.length; i++) {
        all[i] += other.all[i];
      }
    }

    /**
     * What was counted since an earlier sum of the same.
     *
     * @param earlier of the same kind; null for nothing yet
     * @return the difference; where the earlier one has more, nothing
     */
    public Sum since(@Nullable Sum earlier) {
      Sum more = new Sum(shape);
      for (int i = 0; i < all.length; i++) {
        more.all[i] = Math.max(0, all[i] - (earlier == null ? 0 : earlier.all[i]));
      }
      return more;
    }

    /**
     * The longest time, give or take a step.
     *
     * @return nanoseconds; 0 if none was counted
     */
    public long longestNanos() {
      for (int i = all.length - 2; i >= 0; i--) {
        if (all[1 + i] > 0) {
          return (shape.edge(i) + shape.edge(i + 1)) / 2;
        }
      }
      return 0;
    }

    /** How many times were counted. */
    public long count() {
      return Arrays.stream(all, 1, all.length).sum();
    }

    /**
     * How many were shorter than each of some powers of two, which is where steps begin.
     *
     * @param firstBits the first power of two nanoseconds
     * @param lastBits the last
     * @return how many, one number for each power
     */
    public long[] countsBelow(int firstBits, int lastBits) {
      long[] below = new long[lastBits - firstBits + 1];
      long seen = 0;
      int step = 0;
      for (int bits = firstBits; bits <= lastBits; bits++) {
        while (step + 1 < all.length && shape.edge(step) < 1L << bits) {
          seen += all[1 + step++];
        }
        below[bits - firstBits] = seen;
      }
      return below;
    }

    /**
     * All of them added up, exactly.
     *
     * @return seconds
     */
    public double seconds() {
      return all[0] / 1e9;
    }

    /**
     * The time that a share of them did not exceed.
     *
     * @param share 0.99 for all but the longest hundredth
     * @return nanoseconds; 0 if none was counted
     */
    public long quantileNanos(double share) {
      long wanted = (long) Math.ceil(share * count());
      long seen = 0;
      for (int i = 0; i + 1 < all.length; i++) {
        seen += all[1 + i];
        if (seen >= wanted && seen > 0) {
          return (shape.edge(i) + shape.edge(i + 1)) / 2;
        }
      }
      return 0;
    }
  }
}
