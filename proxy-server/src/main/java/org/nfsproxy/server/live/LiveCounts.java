package org.nfsproxy.server.live;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.metrics.FlowTotals;

/**
 * What was counted of a client or an export up to a moment, or in a stretch of time.
 *
 * @param calls that were answered
 * @param errors those whose status is not OK
 * @param bytesIn bytes of calls
 * @param bytesOut bytes of replies
 * @param originSeconds times at the origin added up
 * @param proxySeconds times in the proxy added up
 */
record LiveCounts(
    long calls,
    long errors,
    long bytesIn,
    long bytesOut,
    double originSeconds,
    double proxySeconds) {
  static final LiveCounts NONE = new LiveCounts(0, 0, 0, 0, 0, 0);

  static LiveCounts of(FlowTotals totals) {
    return new LiveCounts(
        totals.calls(),
        totals.errors(),
        totals.bytesIn(),
        totals.bytesOut(),
        totals.originSeconds(),
        totals.proxySeconds());
  }

  static LiveCounts sum(Collection<LiveCounts> all) {
    return all.stream().reduce(NONE, LiveCounts::plus);
  }

  private LiveCounts plus(LiveCounts more) {
    return new LiveCounts(
        calls + more.calls,
        errors + more.errors,
        bytesIn + more.bytesIn,
        bytesOut + more.bytesOut,
        originSeconds + more.originSeconds,
        proxySeconds + more.proxySeconds);
  }

  /**
   * What was added since. A client that lost its place and got another begins at 0, and so does
   * what was added.
   */
  LiveCounts since(LiveCounts earlier) {
    return earlier.calls > calls
        ? NONE
        : new LiveCounts(
            calls - earlier.calls,
            Math.max(0, errors - earlier.errors),
            Math.max(0, bytesIn - earlier.bytesIn),
            Math.max(0, bytesOut - earlier.bytesOut),
            Math.max(0, originSeconds - earlier.originSeconds),
            Math.max(0, proxySeconds - earlier.proxySeconds));
  }

  /** These, and what flowed a second in a stretch; null where there was none yet. */
  JsonObject json(String key, String name, @Nullable LiveCounts added, double seconds) {
    return rates(
        new JsonObject()
            .put(key, LiveFormat.name(name))
            .put("calls", calls)
            .put("errors", errors)
            .put("bytesIn", bytesIn)
            .put("bytesOut", bytesOut),
        added,
        seconds);
  }

  private static JsonObject rates(JsonObject row, @Nullable LiveCounts added, double seconds) {
    if (added == null) {
      return row.putNull("callsPerSecond")
          .putNull("errorsPerSecond")
          .putNull("bytesInPerSecond")
          .putNull("bytesOutPerSecond")
          .putNull("originMillis")
          .putNull("proxyMillis");
    }
    return row.put("callsPerSecond", rate(added.calls, seconds))
        .put("errorsPerSecond", rate(added.errors, seconds))
        .put("bytesInPerSecond", rate(added.bytesIn, seconds))
        .put("bytesOutPerSecond", rate(added.bytesOut, seconds))
        .put("originMillis", millis(added.originSeconds, added.calls))
        .put("proxyMillis", millis(added.proxySeconds, added.calls));
  }

  private static double rate(long count, double seconds) {
    return LiveFormat.rounded(count / seconds);
  }

  private static @Nullable Double millis(double seconds, long calls) {
    return calls == 0 ? null : LiveFormat.rounded(1000 * seconds / calls);
  }
}
