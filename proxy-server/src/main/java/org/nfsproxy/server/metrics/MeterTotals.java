package org.nfsproxy.server.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What all event loops have counted, added up; of one moment, give or take the reading. */
public final class MeterTotals {
  final long[] calls = new long[OperationRows.count()];
  final long[] bytesIn = new long[OperationRows.count()];
  final long[] bytesOut = new long[OperationRows.count()];
  final long[] connectionEvents = new long[ConnectionEvent.values().length];
  final LatencyHistogram.Sum lag = LatencyHistogram.Sum.ofFine();
  private final long[][] errors = new long[OperationRows.count()][];
  private final LatencyHistogram.Sum[] origin = new LatencyHistogram.Sum[OperationRows.count()];
  private final LatencyHistogram.Sum[] proxy = new LatencyHistogram.Sum[OperationRows.count()];
  private final Map<Object, List<Flow>> exports = new LinkedHashMap<>();
  private final Map<String, FlowTotals> clients = new LinkedHashMap<>();
  private final List<Pair> pairs = new ArrayList<>();

  MeterTotals() {}

  /**
   * Calls of a client, of one kind, on one export.
   *
   * @param client its address, or {@code other}
   * @param export an export's number, or a word for what is none
   * @param row what the calls are about: a number of {@link OperationRows}
   */
  public record Pair(String client, Object export, int row, long calls) {}

  long[] errorsOf(int row) {
    if (errors[row] == null) {
      errors[row] = new long[StatusNames.count()];
    }
    return errors[row];
  }

  void addTimes(int row, LatencyHistogram atOrigin, LatencyHistogram inProxy) {
    if (atOrigin != null) {
      origin[row] = origin[row] == null ? LatencyHistogram.Sum.ofFine() : origin[row];
      origin[row].add(atOrigin);
    }
    if (inProxy != null) {
      proxy[row] = proxy[row] == null ? LatencyHistogram.Sum.ofFine() : proxy[row];
      proxy[row].add(inProxy);
    }
  }

  void addExport(Object name, Flow flow) {
    exports.computeIfAbsent(name, first -> new ArrayList<>(2)).add(flow);
  }

  void addClient(String name, FlowTotals totals) {
    clients.put(name, totals);
  }

  List<Pair> pairsToFill() {
    return pairs;
  }

  /**
   * Operations of a kind that were executed, or calls where they have none.
   *
   * @param row a number of {@link OperationRows}
   */
  public long calls(int row) {
    return calls[row];
  }

  /**
   * Bytes of calls that are about an operation.
   *
   * @param row a number of {@link OperationRows}
   */
  public long bytesIn(int row) {
    return bytesIn[row];
  }

  /**
   * Bytes of their replies.
   *
   * @param row a number of {@link OperationRows}
   */
  public long bytesOut(int row) {
    return bytesOut[row];
  }

  /**
   * Operations that failed, by status.
   *
   * @param row a number of {@link OperationRows}
   * @return the statuses' names and how often each was met; empty if none was
   */
  public Map<String, Long> errors(int row) {
    Map<String, Long> byName = new LinkedHashMap<>();
    if (errors[row] != null) {
      for (int i = 0; i < errors[row].length; i++) {
        if (errors[row][i] > 0) {
          byName.put(StatusNames.name(i), errors[row][i]);
        }
      }
    }
    return byName;
  }

  /**
   * How long calls that are about an operation were at the origin.
   *
   * @param row a number of {@link OperationRows}
   * @return null if none was
   */
  public LatencyHistogram.Sum origin(int row) {
    return origin[row];
  }

  /**
   * How long they were in the proxy.
   *
   * @param row a number of {@link OperationRows}
   * @return null if none was
   */
  public LatencyHistogram.Sum proxy(int row) {
    return proxy[row];
  }

  /**
   * How late event loops came to what they had to do.
   *
   * @return all that were counted
   */
  public LatencyHistogram.Sum lag() {
    return lag;
  }

  /** What happened to connections. */
  public long count(ConnectionEvent event) {
    return connectionEvents[event.ordinal()];
  }

  /**
   * By export.
   *
   * @return what was counted, by its number or by a word for what is none
   */
  public Map<Object, FlowTotals> exports() {
    Map<Object, FlowTotals> all = new LinkedHashMap<>();
    exports.forEach((name, flows) -> all.put(name, new FlowTotals(flows)));
    return all;
  }

  /**
   * By client.
   *
   * @return what was counted, by address; the last is {@code other}
   */
  public Map<String, FlowTotals> clients() {
    return clients;
  }

  /** By client, export and operation. One export may have several numbers. */
  public List<Pair> pairs() {
    return pairs;
  }
}
