package org.nfsproxy.server.live;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.metrics.LatencyHistogram;
import org.nfsproxy.server.metrics.MeterTotals;
import org.nfsproxy.server.metrics.OperationRows;

/** What was counted of each operation up to a moment. */
// There are as many rows as the tables have operations, and a few dozen of them are used. So all
// that were are shown.
final class LiveOperations {
  private record Counted(
      long operations,
      long errors,
      long bytesIn,
      long bytesOut,
      LatencyHistogram.@Nullable Sum origin,
      LatencyHistogram.@Nullable Sum proxy,
      Map<String, Long> statuses) {
    static final Counted NONE = new Counted(0, 0, 0, 0, null, null, Map.of());
  }

  private final Map<Integer, Counted> rows = new LinkedHashMap<>();
  private final LatencyHistogram.Sum origin = LatencyHistogram.Sum.ofFine();
  private final LatencyHistogram.Sum proxy = LatencyHistogram.Sum.ofFine();

  LiveOperations(MeterTotals totals) {
    for (int row = 0; row < OperationRows.count(); row++) {
      Map<String, Long> statuses = totals.errors(row);
      LatencyHistogram.Sum atOrigin = totals.origin(row);
      LatencyHistogram.Sum inProxy = totals.proxy(row);
      if (totals.calls(row) > 0 || totals.bytesIn(row) > 0 || !statuses.isEmpty()) {
        long errors = statuses.values().stream().mapToLong(Long::longValue).sum();
        rows.put(
            row,
            new Counted(
                totals.calls(row),
                errors,
                totals.bytesIn(row),
                totals.bytesOut(row),
                atOrigin,
                inProxy,
                statuses));
      }
      if (atOrigin != null) {
        origin.add(atOrigin);
      }
      if (inProxy != null) {
        proxy.add(inProxy);
      }
    }
  }

  /** Times at the origin of all operations together. */
  LatencyHistogram.Sum origin() {
    return origin;
  }

  /** Times in the proxy of all operations together. */
  LatencyHistogram.Sum proxy() {
    return proxy;
  }

  JsonArray json(@Nullable LiveOperations before, double seconds) {
    JsonArray all = new JsonArray();
    rows.forEach(
        (row, counted) -> {
          Counted earlier = before == null ? null : before.rows.getOrDefault(row, Counted.NONE);
          all.add(json(row, counted, earlier, seconds));
        });
    return all;
  }

  private static JsonObject json(
      int row, Counted counted, @Nullable Counted earlier, double seconds) {
    OperationRows.Row words = OperationRows.words(row);
    JsonObject json =
        new JsonObject()
            .put("program", words.program())
            .put("version", words.version())
            .put("operation", words.operation())
            .put("operations", counted.operations)
            .put("errors", counted.errors)
            .put("bytesIn", counted.bytesIn)
            .put("bytesOut", counted.bytesOut)
            .put(
                "operationsPerSecond",
                rate(counted.operations, earlier == null ? null : earlier.operations, seconds))
            .put(
                "errorsPerSecond",
                rate(counted.errors, earlier == null ? null : earlier.errors, seconds))
            .put(
                "bytesInPerSecond",
                rate(counted.bytesIn, earlier == null ? null : earlier.bytesIn, seconds))
            .put(
                "bytesOutPerSecond",
                rate(counted.bytesOut, earlier == null ? null : earlier.bytesOut, seconds));
    times(json, "origin", earlier == null ? null : added(counted.origin, earlier.origin));
    times(json, "proxy", earlier == null ? null : added(counted.proxy, earlier.proxy));
    JsonObject statuses = new JsonObject();
    counted.statuses.forEach(statuses::put);
    return json.put("statuses", statuses);
  }

  private static @Nullable Double rate(long now, @Nullable Long earlier, double seconds) {
    return earlier == null ? null : LiveFormat.rounded((now - earlier) / seconds);
  }

  private static LatencyHistogram.@Nullable Sum added(
      LatencyHistogram.@Nullable Sum now, LatencyHistogram.@Nullable Sum earlier) {
    return now == null ? null : now.since(earlier);
  }

  /** The mean and the 99th of a hundred, where there were any. */
  static void times(JsonObject json, String where, LatencyHistogram.@Nullable Sum added) {
    if (added == null || added.count() == 0) {
      json.putNull(where + "Millis").putNull(where + "MillisP99");
    } else {
      json.put(where + "Millis", LiveFormat.meanMillis(added))
          .put(where + "MillisP99", LiveFormat.millis(added.quantileNanos(0.99)));
    }
  }
}
