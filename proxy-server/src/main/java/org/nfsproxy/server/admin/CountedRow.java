package org.nfsproxy.server.admin;

import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.metrics.FlowRates;
import org.nfsproxy.server.metrics.FlowTotals;
import org.nfsproxy.server.metrics.LatencyHistogram;
import org.nfsproxy.server.metrics.Meters;

/** What flows a second of a client or an export, and how long its calls take, for the pages. */
public final class CountedRow {
  private static final double NANOS_OF_MILLI = 1e6;

  private CountedRow() {}

  /**
   * Of clients.
   *
   * @param meters what is counted; null if nothing is
   * @return of an address; null where it is not counted by itself
   */
  public static Function<InetAddress, JsonObject> ofClients(@Nullable Meters meters) {
    return address -> {
      FlowTotals totals = meters == null ? null : meters.client(address);
      FlowRates rates = meters == null ? null : meters.clientRates(address);
      return totals == null || rates == null ? null : json(totals, List.of(rates));
    };
  }

  /**
   * Of exports.
   *
   * @param meters what is counted; null if nothing is
   * @param exports finds exports by their numbers
   * @return of an export, all of one moment; null where it is not counted by itself
   */
  public static Function<Export, JsonObject> ofExports(@Nullable Meters meters, Exports exports) {
    Map<Export, List<FlowTotals>> totals = new HashMap<>();
    Map<Export, List<FlowRates>> rates = new HashMap<>();
    if (meters != null) {
      add(meters.exports(), exports, totals);
      add(meters.exportRates(), exports, rates);
    }
    return export ->
        totals.containsKey(export)
            ? json(FlowTotals.together(totals.get(export)), rates.getOrDefault(export, List.of()))
            : null;
  }

  private static <T> void add(Map<Object, T> counted, Exports exports, Map<Export, List<T>> to) {
    counted.forEach(
        (number, each) -> {
          Export export = number instanceof Long known ? exports.numbered(known) : null;
          if (export != null) {
            to.computeIfAbsent(export, first -> new ArrayList<>(1)).add(each);
          }
        });
  }

  private static JsonObject json(FlowTotals totals, List<FlowRates> rates) {
    double calls = 0;
    double bytesIn = 0;
    double bytesOut = 0;
    double originMillis = 0;
    double proxyMillis = 0;
    for (FlowRates each : rates) {
      FlowRates.Stretch last = each.last();
      calls += last.calls();
      bytesIn += last.bytesIn();
      bytesOut += last.bytesOut();
      originMillis += last.calls() * last.originMillis();
      proxyMillis += last.calls() * last.proxyMillis();
    }
    LatencyHistogram.Sum origin = totals.origin();
    LatencyHistogram.Sum proxy = totals.proxy();
    return new JsonObject()
        .put("callsPerSecond", rounded(calls))
        .put("bytesInPerSecond", rounded(bytesIn))
        .put("bytesOutPerSecond", rounded(bytesOut))
        .put("originMillis", calls == 0 ? null : rounded(originMillis / calls))
        .put("proxyMillis", calls == 0 ? null : rounded(proxyMillis / calls))
        .put("originMillisP99", rounded(origin.quantileNanos(0.99) / NANOS_OF_MILLI))
        .put("proxyMillisP99", rounded(proxy.quantileNanos(0.99) / NANOS_OF_MILLI))
        .put("calls", totals.calls())
        .put("errors", totals.errors());
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
