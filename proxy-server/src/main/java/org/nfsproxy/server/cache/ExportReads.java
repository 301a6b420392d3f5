package org.nfsproxy.server.cache;

import java.util.concurrent.atomic.LongAdder;

/** What READs of one export came to, as {@link ReadCounts} has it of all. */
final class ExportReads {
  /** A word for what is no export that is counted by itself; else its number. */
  final Object name;

  private final long number;

  final LongAdder hits = new LongAdder();
  final LongAdder hitBytes = new LongAdder();
  final LongAdder misses = new LongAdder();
  final LongAdder missBytes = new LongAdder();

  /** Of what is no export by itself. */
  ExportReads(String name) {
    this.name = name;
    this.number = 0;
  }

  /** Of an export. */
  ExportReads(long number) {
    this.name = number;
    this.number = number;
  }

  boolean isOf(long export) {
    return number == export;
  }

  /** Counts one that was answered with data that were here. */
  void hit(long bytes) {
    hits.increment();
    hitBytes.add(bytes);
  }

  /** Counts one that was answered with data that the origin sent. */
  void miss(long bytes) {
    misses.increment();
    missBytes.add(bytes);
  }
}
