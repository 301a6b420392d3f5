package org.nfsproxy.server.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counters that one thread adds to and any thread reads. No lock, nothing allocated. */
// Written and read opaquely: no number is ever torn, each reader sees it only grow, and sees what
// was added as soon as the processor has written it out, which is before a reply that was counted
// can leave by a system call. Two counters that are read one after the other may be of different
// moments; nobody who scrapes them can tell. It costs what a plain addition does.
final class CounterArray {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] counts;

  CounterArray(int length) {
    counts = new long[length];
  }

  /** Adds; by the one thread that writes. */
  void add(int i, long more) {
    LONGS.setOpaque(counts, i, counts[i] + more);
  }

  long get(int i) {
    return (long) LONGS.getOpaque(counts, i);
  }

  int length() {
    return counts.length;
  }

  /** Adds all of these to sums of somebody's own. */
  void addTo(long[] sums) {
    for (int i = 0; i < counts.length; i++) {
      sums[i] += get(i);
    }
  }
}
