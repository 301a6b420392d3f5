package org.nfsproxy.server.metrics;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one event loop has counted of one client, or of one export: one thread adds, any thread
 * reads.
 */
final class Flow {
  static final int CALLS = 0;
  static final int ERRORS = 1;
  static final int BYTES_IN = 2;
  static final int BYTES_OUT = 3;
  private static final int COUNTS = 4;

  private static final CallPairs NO_PAIRS = new CallPairs(0, new AtomicInteger());
  private static final CounterArray NO_REFUSALS = new CounterArray(0);

  /** Of a connection that is not counted; nothing is added to it. */
  static final Flow NONE = ofClient(NO_PAIRS);

  final CounterArray counts = new CounterArray(COUNTS);
  final LatencyHistogram origin = LatencyHistogram.coarse();
  final LatencyHistogram proxy = LatencyHistogram.coarse();

  /** Calls by export and operation; for an export none, and no room for any. */
  final CallPairs pairs;

  /** Refused calls by reason; for a client there is no place for any. */
  final CounterArray refusals;

  private Flow(CallPairs pairs, CounterArray refusals) {
    this.pairs = pairs;
    this.refusals = refusals;
  }

  static Flow ofClient(CallPairs pairs) {
    return new Flow(pairs, NO_REFUSALS);
  }

  /** Of many clients together, whose exports are not told apart. */
  static Flow ofRest() {
    return ofClient(new CallPairs(OperationRows.count(), new AtomicInteger(Integer.MAX_VALUE)));
  }

  static Flow ofExport() {
    return new Flow(NO_PAIRS, new CounterArray(Refused.values().length + 1));
  }

  /** Adds what another has counted that nobody writes to any more; its exports are told no more. */
  void fold(Flow ended) {
    for (int i = 0; i < COUNTS; i++) {
      counts.add(i, ended.counts.get(i));
    }
    origin.fold(ended.origin);
    proxy.fold(ended.proxy);
    ended.pairs.read((slot, row, count) -> pairs.add(ExportSlots.OTHER, row, count));
  }
}
