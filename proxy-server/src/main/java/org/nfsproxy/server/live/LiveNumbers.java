package org.nfsproxy.server.live;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.metrics.FlowTotals;
import org.nfsproxy.server.metrics.LatencyHistogram;
import org.nfsproxy.server.metrics.MeterTotals;
import org.nfsproxy.server.metrics.OperationRows;
import org.nfsproxy.server.metrics.RecentLines;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.refusals.RefusalCounts;

/**
 * Looks at the counters, and says what they are and what was added since the look before.
 *
 * <p>Each look is one object that stands by itself, so one that is missed is missed by nobody. Of
 * many clients and exports it has the busiest: those with the most calls since the look before.
 * Pairs are those of the clients that it has.
 */
// Between two looks the numbers of the first are kept: for each client and export that is counted
// six of them, a megabyte for ten thousand. Nothing is kept while nobody watches.
public final class LiveNumbers {
  /** An event loop that is later than this has stood still, whatever the reason. */
  private static final long STALLED_NANOS = 100_000_000L;

  private record Pair(String client, String export, int row) {}

  private record ByRule(String rule, Refused why) {}

  private record Moment(
      long nanos,
      LiveOperations operations,
      LatencyHistogram.Sum lag,
      Map<String, LiveCounts> clients,
      Map<String, LiveCounts> exports,
      Map<Pair, Long> pairs,
      Set<String> clientsOfPairs,
      Map<ByRule, Long> refusals) {}

  private final LiveSources sources;
  private final int rowsMax;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private @Nullable Moment before;

  /**
   * Nobody has looked yet.
   *
   * @param sources where the numbers come from
   * @param rowsMax rows of each table
   * @param clock what is told of when
   * @param nanoTime what stretches are measured with
   */
  public LiveNumbers(LiveSources sources, int rowsMax, Clock clock, LongSupplier nanoTime) {
    this.sources = sources;
    this.rowsMax = rowsMax;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Nobody watches any more: the next look is a first one. */
  public synchronized void forget() {
    before = null;
  }

  /**
   * Looks.
   *
   * @return one object; what flows a second is null at the first look
   */
  public synchronized JsonObject look() {
    Function<Object, String> names = sources.exportNames().get();
    MeterTotals totals = sources.meters().totalsWithoutPairs();
    Map<String, LiveCounts> clients = counts(totals.clients());
    Map<String, LiveCounts> exports = exports(totals.exports(), names);
    Moment last = before;
    List<String> busiest = busiest(clients, last == null ? null : last.clients);
    Set<String> withPairs = new LinkedHashSet<>(busiest);
    Moment now =
        new Moment(
            nanoTime.getAsLong(),
            new LiveOperations(totals),
            totals.lag(),
            clients,
            exports,
            pairs(withPairs, names),
            withPairs,
            refusals());
    before = now;
    return json(now, last, busiest);
  }

  private static Map<String, LiveCounts> counts(Map<String, FlowTotals> flows) {
    Map<String, LiveCounts> counts = new HashMap<>();
    flows.forEach((name, flow) -> counts.put(name, LiveCounts.of(flow)));
    return counts;
  }

  private static Map<String, LiveCounts> exports(
      Map<Object, FlowTotals> flows, Function<Object, String> names) {
    Map<String, LiveCounts> counts = new HashMap<>();
    flows.forEach(
        (number, flow) ->
            counts.merge(
                names.apply(number),
                LiveCounts.of(flow),
                (one, other) -> LiveCounts.sum(List.of(one, other))));
    return counts;
  }

  private Map<Pair, Long> pairs(Set<String> clients, Function<Object, String> names) {
    Map<Pair, Long> pairs = new HashMap<>();
    for (MeterTotals.Pair each : sources.meters().pairsOf(clients)) {
      pairs.merge(
          new Pair(each.client(), names.apply(each.export()), each.row()), each.calls(), Long::sum);
    }
    return pairs;
  }

  private Map<ByRule, Long> refusals() {
    RefusalCounts counts = sources.refusals().counts();
    Map<ByRule, Long> refusals = new HashMap<>();
    for (String rule : counts.rules()) {
      counts.of(rule).forEach((why, count) -> refusals.put(new ByRule(rule, why), count));
    }
    return refusals;
  }

  // ---- the busiest ----------------------------------------------------------------------------

  private record Ranked(String name, long added, long calls) {}

  /** The least busy first; of names, the last. */
  private static final Comparator<Ranked> LEAST =
      Comparator.comparingLong(Ranked::added)
          .thenComparingLong(Ranked::calls)
          .thenComparing(Ranked::name, Comparator.reverseOrder());

  // Of ten thousand, a heap of as many as are shown.
  private List<String> busiest(
      Map<String, LiveCounts> now, @Nullable Map<String, LiveCounts> last) {
    PriorityQueue<Ranked> busiest = new PriorityQueue<>(LEAST);
    now.forEach(
        (name, counts) -> {
          if (counts.calls() > 0) {
            busiest.add(new Ranked(name, added(counts, name, last).calls(), counts.calls()));
          }
          if (busiest.size() > rowsMax) {
            busiest.remove();
          }
        });
    return busiest.stream().sorted(LEAST.reversed()).map(Ranked::name).toList();
  }

  private static LiveCounts added(
      LiveCounts now, String name, @Nullable Map<String, LiveCounts> last) {
    return last == null ? LiveCounts.NONE : now.since(last.getOrDefault(name, LiveCounts.NONE));
  }

  // ---- as JSON --------------------------------------------------------------------------------

  private JsonObject json(Moment now, @Nullable Moment last, List<String> busiest) {
    double seconds = last == null ? 1 : Math.max(1e-3, (now.nanos - last.nanos) / 1e9);
    return new JsonObject()
        .put("time", clock.instant().toString())
        .put("seconds", last == null ? null : LiveFormat.rounded(seconds))
        .put("info", sources.info().get())
        .put("all", all(now, last, seconds))
        .put("clients", table("client", busiest, now.clients, of(last, Moment::clients), seconds))
        .put(
            "exports",
            table(
                "export",
                busiest(now.exports, of(last, Moment::exports)),
                now.exports,
                of(last, Moment::exports),
                seconds))
        .put("operations", now.operations.json(of(last, Moment::operations), seconds))
        .put("pairs", pairs(now, last, seconds))
        .put("refusals", refusals(now, last, seconds))
        .put("lastRefusals", lines(sources.refusals().log().recent()))
        .put("slowCalls", lines(sources.slowCalls()))
        .put("cluster", sources.cluster().get());
  }

  private static <T> @Nullable T of(@Nullable Moment moment, Function<Moment, T> part) {
    return moment == null ? null : part.apply(moment);
  }

  private JsonObject all(Moment now, @Nullable Moment last, double seconds) {
    LiveCounts counts = LiveCounts.sum(now.exports.values());
    LiveCounts added = last == null ? null : counts.since(LiveCounts.sum(last.exports.values()));
    JsonObject all = counts.json("of", "all", added, seconds);
    all.remove("of");
    LatencyHistogram.Sum origin =
        last == null ? null : now.operations.origin().since(last.operations.origin());
    LatencyHistogram.Sum proxy =
        last == null ? null : now.operations.proxy().since(last.operations.proxy());
    LatencyHistogram.Sum lag = last == null ? null : now.lag.since(last.lag);
    LiveOperations.times(all, "origin", origin);
    LiveOperations.times(all, "proxy", proxy);
    long late = lag == null ? 0 : lag.longestNanos();
    return all.put("callsInFlight", sources.callsInFlight().get())
        .put("eventLoopLagMillis", lag == null ? null : LiveFormat.millis(late))
        .put("longerAt", longerAt(origin, proxy, late));
  }

  // While the proxy stands still, replies wait for it, and their wait looks like the origin's.
  private static @Nullable String longerAt(
      LatencyHistogram.@Nullable Sum origin, LatencyHistogram.@Nullable Sum proxy, long late) {
    if (late >= STALLED_NANOS) {
      return "stalled";
    }
    if (origin == null || proxy == null || origin.count() + proxy.count() == 0) {
      return null;
    }
    return origin.seconds() >= proxy.seconds() ? "origin" : "proxy";
  }

  private static JsonObject table(
      String key,
      List<String> names,
      Map<String, LiveCounts> now,
      @Nullable Map<String, LiveCounts> last,
      double seconds) {
    JsonArray rows = new JsonArray();
    for (String name : names) {
      LiveCounts counts = now.getOrDefault(name, LiveCounts.NONE);
      rows.add(counts.json(key, name, last == null ? null : added(counts, name, last), seconds));
    }
    long all = now.values().stream().filter(counts -> counts.calls() > 0).count();
    return new JsonObject().put("of", all).put("rows", rows);
  }

  private JsonObject pairs(Moment now, @Nullable Moment last, double seconds) {
    Map<Pair, @Nullable Long> added = new HashMap<>();
    now.pairs.forEach(
        (pair, calls) -> {
          boolean isKnown = last != null && last.clientsOfPairs.contains(pair.client);
          long earlier = last == null ? 0 : last.pairs.getOrDefault(pair, 0L);
          added.put(pair, isKnown ? (Long) Math.max(0, calls - earlier) : null);
        });
    JsonArray rows = new JsonArray();
    now.pairs.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<Pair, Long> each) -> orZero(added.get(each.getKey())),
                    Comparator.reverseOrder())
                .thenComparing(each -> -each.getValue())
                .thenComparing(each -> each.getKey().client)
                .thenComparing(each -> each.getKey().export)
                .thenComparing(each -> each.getKey().row))
        .limit(rowsMax)
        .forEach(
            each ->
                rows.add(pair(each.getKey(), each.getValue(), added.get(each.getKey()), seconds)));
    return new JsonObject().put("of", now.pairs.size()).put("rows", rows);
  }

  private static long orZero(@Nullable Long count) {
    return count == null ? 0 : count;
  }

  private static JsonObject pair(Pair pair, long calls, @Nullable Long added, double seconds) {
    OperationRows.Row words = OperationRows.words(pair.row);
    return new JsonObject()
        .put("client", pair.client)
        .put("export", LiveFormat.name(pair.export))
        .put("program", words.program())
        .put("version", words.version())
        .put("operation", words.operation())
        .put("calls", calls)
        .put("callsPerSecond", added == null ? null : LiveFormat.rounded(added / seconds));
  }

  private JsonArray refusals(Moment now, @Nullable Moment last, double seconds) {
    JsonArray rows = new JsonArray();
    now.refusals.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<ByRule, Long> each) -> -each.getValue())
                .thenComparing(each -> each.getKey().rule)
                .thenComparing(each -> each.getKey().why))
        .limit(rowsMax)
        .forEach(
            each -> {
              long earlier = last == null ? 0 : last.refusals.getOrDefault(each.getKey(), 0L);
              long added = Math.max(0, each.getValue() - earlier);
              rows.add(
                  new JsonObject()
                      .put("rule", LiveFormat.name(each.getKey().rule))
                      .put("key", each.getKey().why.name().toLowerCase(Locale.ROOT))
                      .put("calls", each.getValue())
                      .put(
                          "callsPerSecond",
                          last == null ? null : LiveFormat.rounded(added / seconds)));
            });
    return rows;
  }

  private static JsonArray lines(RecentLines recent) {
    JsonArray lines = new JsonArray();
    for (RecentLines.Line line : recent.newestFirst()) {
      lines.add(
          new JsonObject()
              .put("time", Instant.ofEpochMilli(line.millis()).toString())
              .put("client", line.client())
              .put("text", line.text()));
    }
    return lines;
  }
}
