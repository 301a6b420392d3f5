package org.nfsproxy.server.metrics;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.call.Noting;

/** Everything that is counted of calls and connections. For any thread. */
public final class Meters {
  private static final String OTHER = "other";

  private final MeterBounds bounds;
  private final BusyClients clients;
  private volatile CallWatch watch = CallWatch.NONE;
  private volatile long slowNanos = Long.MAX_VALUE;
  private volatile NotedCalls[] noted = {};
  private final Object notedLock = new Object();
  private final List<LoopMeter> loops = new CopyOnWriteArrayList<>();
  private volatile Map<Object, FlowRates> exportRates = Map.of();
  private long lookedNanos = System.nanoTime();

  /**
   * Nothing is counted yet.
   *
   * @param bounds how much is told apart
   */
  public Meters(MeterBounds bounds) {
    this.bounds = bounds;
    this.clients = new BusyClients(bounds);
  }

  /**
   * For one more event loop.
   *
   * @return what it counts with
   */
  public synchronized LoopMeter loop() {
    LoopMeter added = new LoopMeter(loops.size(), bounds, clients, this);
    loops.add(added);
    return added;
  }

  /** Has somebody told of certain calls from now on. */
  public void watch(CallWatch watch) {
    this.watch = watch;
  }

  CallWatch watch() {
    return watch;
  }

  /** Has somebody told of single calls from now on. */
  public void tell(NotedCalls more) {
    synchronized (notedLock) {
      NotedCalls[] all = Arrays.copyOf(noted, noted.length + 1);
      all[noted.length] = more;
      noted = all;
    }
  }

  /** Tells somebody no more. */
  public void untell(NotedCalls former) {
    synchronized (notedLock) {
      noted = Arrays.stream(noted).filter(each -> each != former).toArray(NotedCalls[]::new);
    }
  }

  /** Which of a client's calls are to be noted. */
  int noting(InetAddress client) {
    NotedCalls[] all = noted;
    int bits = Noting.NOTHING;
    for (NotedCalls each : all) {
      bits |= each.wants(client);
    }
    return bits;
  }

  void tell(NotedCall call) {
    for (NotedCalls each : noted) {
      each.told(call);
    }
  }

  /**
   * Which calls are slow from now on.
   *
   * @param nanos those that took longer, here and at the origin together
   */
  public void slowFrom(long nanos) {
    slowNanos = nanos;
  }

  long slowNanos() {
    return slowNanos;
  }

  /** Works out what flows a second, and which clients are the busiest; every ten seconds or so. */
  public synchronized void look() {
    long nowNanos = System.nanoTime();
    double seconds = Math.max(1e-3, (nowNanos - lookedNanos) / 1e9);
    lookedNanos = nowNanos;
    clients.look(seconds, nowNanos);
    Map<Object, FlowRates> rates = new HashMap<>(exportRates);
    exports()
        .forEach(
            (name, flow) ->
                rates.computeIfAbsent(name, first -> new FlowRates()).look(flow, seconds));
    exportRates = rates;
  }

  /** Adds up what was counted so far. */
  public MeterTotals totals() {
    BusyClients.All all = clients.all();
    MeterTotals totals = totalsWithoutPairs(all);
    all.counted().forEach(client -> addPairs(client, totals.pairsToFill()));
    loops.forEach(loop -> loop.addPairs(OTHER, loop.otherClients(), totals.pairsToFill()));
    all.rest()
        .forEach(
            flow ->
                flow.pairs.read(
                    (slot, row, count) ->
                        totals.pairsToFill().add(new MeterTotals.Pair(OTHER, OTHER, row, count))));
    return totals;
  }

  /**
   * The same without who does what where, which there may be most of.
   *
   * @return the totals, without pairs
   */
  public MeterTotals totalsWithoutPairs() {
    return totalsWithoutPairs(clients.all());
  }

  private MeterTotals totalsWithoutPairs(BusyClients.All all) {
    MeterTotals totals = new MeterTotals();
    loops.forEach(loop -> loop.addTo(totals));
    for (BusyClient client : all.counted()) {
      totals.addClient(client.name(), client.totals());
    }
    List<Flow> rest = new ArrayList<>(all.rest());
    loops.forEach(loop -> rest.add(loop.otherClients()));
    totals.addClient(OTHER, new FlowTotals(rest));
    return totals;
  }

  /**
   * Who does what where, of some clients.
   *
   * @param some their addresses, as {@link MeterTotals#clients} has them
   */
  public List<MeterTotals.Pair> pairsOf(Set<String> some) {
    List<MeterTotals.Pair> pairs = new ArrayList<>();
    for (BusyClient client : clients.all().counted()) {
      if (some.contains(client.name())) {
        addPairs(client, pairs);
      }
    }
    return pairs;
  }

  private void addPairs(BusyClient client, List<MeterTotals.Pair> pairs) {
    Flow[] flows = client.flows();
    for (int i = 0; i < flows.length; i++) {
      if (flows[i] != null) {
        loops.get(i).addPairs(client.name(), flows[i], pairs);
      }
    }
  }

  /**
   * What was counted of a client.
   *
   * @return null if it is not counted by itself
   */
  public @Nullable FlowTotals client(InetAddress address) {
    BusyClient found = clients.find(address);
    return found == null ? null : found.totals();
  }

  /**
   * What flows a second of a client.
   *
   * @return null if it is not counted by itself
   */
  public @Nullable FlowRates clientRates(InetAddress address) {
    BusyClient found = clients.find(address);
    return found == null ? null : found.rates();
  }

  /** Clients that are counted by themselves. */
  public int clients() {
    return clients.count();
  }

  /** How many can be. */
  public int clientsMax() {
    return bounds.clients();
  }

  /**
   * What was counted of each export, and nothing else.
   *
   * @return by number, or by a word for what is none
   */
  public Map<Object, FlowTotals> exports() {
    MeterTotals totals = new MeterTotals();
    loops.forEach(loop -> loop.addExports(totals));
    return totals.exports();
  }

  /** What flows a second of each export. */
  public Map<Object, FlowRates> exportRates() {
    return exportRates;
  }
}
