package org.nfsproxy.server.metrics;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client addresses that are counted by themselves: at most so many, the busiest. All others are
 * counted together. For any thread.
 */
// As long as there is room, whoever connects gets a place, and keeps it when it leaves. When all
// are taken, a client that is not counted is offered once a second, with the calls it sent in that
// second, and gets the place of the least busy one if it is twice as busy. So the busiest are
// counted exactly from when they have their place; what they did before is among the rest. A client
// that comes under ten thousand addresses sends few calls from each, and takes no busy one's place.
//
// What a client that loses its place has counted is from then on part of the rest, so sums never
// shrink. An event loop that is counting for it at that moment may not have seen yet that it is
// evicted, so its counters are read where they are for a while, and added to the rest's own when
// nobody can be writing to them any more: an event loop looks at `evicted` before each call.
final class BusyClients {
  /** No call is being counted for so long. */
  private static final long EVICTED_NANOS = 10_000_000_000L;

  /** Of the places, this part may change hands between two looks. */
  private static final int SHARE_EVICTED = 4;

  private record Evicted(BusyClient client, long sinceNanos) {}

  private final int clientsMax;
  private final Supplier<CallPairs> pairs;
  private final Map<InetAddress, BusyClient> clients = new HashMap<>();
  private final ArrayDeque<Evicted> evicted = new ArrayDeque<>();
  private Flow folded;
  private List<BusyClient> leastBusy = List.of();
  private int nextLeastBusy;

  BusyClients(MeterBounds bounds) {
    AtomicInteger pairsLeft = new AtomicInteger(bounds.pairs());
    this.clientsMax = bounds.clients();
    this.pairs = () -> new CallPairs(bounds.pairsPerClient(), pairsLeft);
    this.folded = Flow.ofRest();
  }

  /** The place of a client that connects; null if it has none, and all are taken. */
  synchronized @Nullable BusyClient enter(InetAddress address) {
    BusyClient known = clients.get(address);
    return known == null && clients.size() < clientsMax ? add(address) : known;
  }

  private BusyClient add(InetAddress address) {
    BusyClient added = new BusyClient(address, pairs);
    clients.put(address, added);
    return added;
  }

  /**
   * Offers a client that has no place.
   *
   * @param calls how many it sent in a second
   * @return its place; null if all others are busier
   */
  synchronized @Nullable BusyClient offer(InetAddress address, int calls, long nowNanos) {
    BusyClient entered = enter(address);
    if (entered != null || nextLeastBusy >= leastBusy.size()) {
      return entered;
    }
    BusyClient least = leastBusy.get(nextLeastBusy);
    if (calls <= 2 * least.busyness + 1) {
      return null;
    }
    nextLeastBusy++;
    clients.remove(least.address());
    least.evict();
    evicted.add(new Evicted(least, nowNanos));
    BusyClient added = add(address);
    added.busyness = calls;
    return added;
  }

  /** Looks at how busy they are; every some seconds. */
  synchronized void look(double seconds, long nowNanos) {
    List<BusyClient> all = new ArrayList<>(clients.values());
    for (BusyClient client : all) {
      client.rates().look(client.totals(), seconds);
      client.busyness = Math.max(client.busyness / 2, client.rates().last().calls());
    }
    all.sort(Comparator.comparingDouble(client -> client.busyness));
    leastBusy = List.copyOf(all.subList(0, (all.size() + SHARE_EVICTED - 1) / SHARE_EVICTED));
    nextLeastBusy = 0;
    foldEvicted(nowNanos);
  }

  // Into a new one: somebody may be adding up the old one and those that it does not have yet.
  private void foldEvicted(long nowNanos) {
    if (evicted.isEmpty() || nowNanos - evicted.peek().sinceNanos < EVICTED_NANOS) {
      return;
    }
    Flow sum = Flow.ofRest();
    sum.fold(folded);
    while (!evicted.isEmpty() && nowNanos - evicted.peek().sinceNanos >= EVICTED_NANOS) {
      for (Flow flow : evicted.remove().client.totals().flows()) {
        sum.fold(flow);
        flow.pairs.giveBack();
      }
    }
    folded = sum;
  }

  synchronized @Nullable BusyClient find(InetAddress address) {
    return clients.get(address);
  }

  synchronized int count() {
    return clients.size();
  }

  /**
   * All of one moment.
   *
   * @param counted those that have a place
   * @param rest what is left of those that lost theirs
   */
  record All(List<BusyClient> counted, List<Flow> rest) {}

  synchronized All all() {
    List<Flow> rest = new ArrayList<>();
    rest.add(folded);
    evicted.forEach(each -> rest.addAll(each.client.totals().flows()));
    return new All(List.copyOf(clients.values()), rest);
  }
}
