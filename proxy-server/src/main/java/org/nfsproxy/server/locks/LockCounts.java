package org.nfsproxy.server.locks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.nfsproxy.backend.Measure;

/** How often each {@link LockEvent} has happened. Counted by one thread, read by any. */
final class LockCounts {
  private final AtomicLongArray counts = new AtomicLongArray(LockEvent.values().length);

  void count(LockEvent event) {
    counts.lazySet(event.ordinal(), counts.get(event.ordinal()) + 1);
  }

  long of(LockEvent event) {
    return counts.get(event.ordinal());
  }

  /** All of them, those of one metric together. */
  List<Measure> measures() {
    List<Measure> all = new ArrayList<>();
    for (LockEvent event : LockEvent.values()) {
      LockEvent.Metric metric = event.metric();
      Map<String, String> label = Map.of(metric.label(), event.word());
      all.add(new Measure(metric.title(), metric.help(), label, of(event)));
    }
    return all;
  }
}
