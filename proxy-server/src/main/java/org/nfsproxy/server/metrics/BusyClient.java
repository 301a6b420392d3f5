package org.nfsproxy.server.metrics;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** A client address that is counted by itself. */
final class BusyClient {
  private final InetAddress address;
  private final String name;
  private final Supplier<CallPairs> pairs;
  private final FlowRates rates = new FlowRates();
  private volatile boolean evicted;
  private volatile Flow[] flows = new Flow[0];

  /** Calls a second, smoothed; under the lock of {@link BusyClients}. */
  double busyness;

  BusyClient(InetAddress address, Supplier<CallPairs> pairs) {
    this.address = address;
    this.name = address.getHostAddress();
    this.pairs = pairs;
  }

  InetAddress address() {
    return address;
  }

  /** Its address as text, which readers of ten thousand need not make each time. */
  String name() {
    return name;
  }

  /** What an event loop counts with; made when the first connection comes to it. */
  synchronized Flow flow(int loop) {
    Flow[] all = flows;
    if (loop >= all.length) {
      all = Arrays.copyOf(all, loop + 1);
    }
    if (all[loop] == null) {
      all[loop] = Flow.ofClient(pairs.get());
      flows = all.clone();
    }
    return all[loop];
  }

  /** What all event loops have counted; null in place of those that have not. */
  Flow[] flows() {
    return flows;
  }

  FlowTotals totals() {
    List<Flow> all = Arrays.stream(flows).filter(Objects::nonNull).toList();
    return new FlowTotals(all);
  }

  FlowRates rates() {
    return rates;
  }

  /** Whether it is counted by itself no more; asked with each call. */
  boolean isEvicted() {
    return evicted;
  }

  void evict() {
    evicted = true;
  }
}
