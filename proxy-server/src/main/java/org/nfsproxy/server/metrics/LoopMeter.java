package org.nfsproxy.server.metrics;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.CallSummary;

/**
 * What one event loop counts. Only that loop adds, so there is no lock and nothing to contend for;
 * any thread reads.
 */
// What many calls have is there from the beginning; errors and times of an operation are there from
// its first error and first call on, since a client uses a few dozen of three hundred operations.
public final class LoopMeter {
  private static final int CALLS = 0;
  private static final int BYTES_IN = 1;
  private static final int BYTES_OUT = 2;
  private static final int COUNTS = 3;

  /** Of calls that are in flight at once. More are made anew then. */
  private static final int SPARE_SUMMARIES_MAX = 1024;

  private final int index;
  private final int rows = OperationRows.count();
  private final CounterArray operations = new CounterArray(rows * COUNTS);
  private final AtomicReferenceArray<CounterArray> errors = new AtomicReferenceArray<>(rows);
  private final AtomicReferenceArray<LatencyHistogram> origin = new AtomicReferenceArray<>(rows);
  private final AtomicReferenceArray<LatencyHistogram> proxy = new AtomicReferenceArray<>(rows);
  private final LatencyHistogram lag = LatencyHistogram.fine();
  private final CounterArray connections = new CounterArray(ConnectionEvent.values().length);
  private final ExportSlots exports;
  private final BusyClients clients;
  private final Meters meters;
  private final Flow otherClients = Flow.ofRest();
  private final ReplyStatus reply = new ReplyStatus();
  private final ArrayDeque<CallSummary> spare = new ArrayDeque<>();

  LoopMeter(int index, MeterBounds bounds, BusyClients clients, Meters meters) {
    this.index = index;
    this.meters = meters;
    this.clients = clients;
    this.exports = new ExportSlots(bounds.exports());
  }

  int index() {
    return index;
  }

  BusyClients clients() {
    return clients;
  }

  Flow otherClients() {
    return otherClients;
  }

  /** Tells who wants to know it of a call that was counted and timed. */
  void tell(
      InetAddress client, int port, CallSummary call, int xid, long originNanos, long proxyNanos) {
    int status = reply.status();
    if (status != StatusNames.OK && call.user() == 0 && StatusNames.isDenial(status)) {
      if (call.refusal() == 0) {
        meters.watch().deniedRoot(client, call);
      }
    }
    if (originNanos + proxyNanos > meters.slowNanos()) {
      meters.watch().slow(client, port, call, xid, originNanos, proxyNanos);
    }
    tellNoted(client, port, call, originNanos, proxyNanos);
  }

  /** Tells who wants to know it of a call that was noted, and has its reply. */
  void tellNoted(
      InetAddress client, int port, CallSummary call, long originNanos, long proxyNanos) {
    CallNote note = call.note();
    if (note != null) {
      boolean isRead = !call.isSealed() || reply.status() != StatusNames.OK;
      meters.tell(
          new NotedCall(
              System.currentTimeMillis(),
              client,
              port,
              note,
              call.export(),
              call.bytes(),
              isRead ? StatusNames.name(reply.status()) : null,
              call.operations() == 0 ? ReplyStatus.RESULTS_UNKNOWN : reply.results(),
              true,
              originNanos,
              proxyNanos));
    }
  }

  /** Tells who wants to know it of a call that was noted, and will have no reply. */
  void tellUnanswered(InetAddress client, int port, CallSummary call, boolean wasSent) {
    CallNote note = call.note();
    if (note != null && (wasSent || note.refusal() != null)) {
      meters.tell(
          new NotedCall(
              System.currentTimeMillis(),
              client,
              port,
              note,
              call.export(),
              call.bytes(),
              null,
              wasSent ? ReplyStatus.RESULTS_UNKNOWN : 0,
              false,
              -1,
              -1));
    }
  }

  /** Which of a client's calls are to be noted. */
  int noting(InetAddress client) {
    return meters.noting(client);
  }

  ReplyStatus reply() {
    return reply;
  }

  CallSummary summary() {
    CallSummary summary = spare.poll();
    return summary == null ? new CallSummary() : summary;
  }

  void giveBack(CallSummary summary) {
    summary.forget();
    if (spare.size() < SPARE_SUMMARIES_MAX) {
      spare.push(summary);
    }
  }

  /** Counts a call that was answered, whose reply's status has been read, but not its bytes. */
  void count(CallSummary call, Flow client) {
    int row = call.row();
    int status = reply.status();
    operations.add(row * COUNTS + BYTES_IN, call.bytes());
    if (call.operations() == 0) {
      operations.add(row * COUNTS + CALLS, 1);
    } else {
      countOperations(call, status);
    }
    if (status != StatusNames.OK) {
      errors(failed(call)).add(status, 1);
    }
    int slot = exports.of(call.export());
    Flow export = exports.flow(slot);
    count(client, call, status);
    count(export, call, status);
    if (client == otherClients || !client.pairs.add(slot, row, 1)) {
      otherClients.pairs.add(ExportSlots.OTHER, row, 1);
    }
    if (call.refusal() != 0) {
      export.refusals.add(call.refusal(), 1);
    }
  }

  private static void count(Flow flow, CallSummary call, int status) {
    flow.counts.add(Flow.CALLS, 1);
    flow.counts.add(Flow.BYTES_IN, call.bytes());
    if (status != StatusNames.OK) {
      flow.counts.add(Flow.ERRORS, 1);
    }
  }

  // What stands behind the operation that failed was not executed, and is not counted. Where RPC
  // itself refused the COMPOUND, none was.
  private void countOperations(CallSummary call, int status) {
    int executed = call.operations();
    if (status != StatusNames.OK && reply.results() != ReplyStatus.RESULTS_UNKNOWN) {
      executed = Math.min(executed, reply.results());
    }
    for (int i = 0; i < executed; i++) {
      operations.add(call.rowOf(i) * COUNTS + CALLS, 1);
    }
  }

  private int failed(CallSummary call) {
    int last = reply.results() - 1;
    return last >= 0 && last < call.operations() ? call.rowOf(last) : call.row();
  }

  private CounterArray errors(int row) {
    CounterArray known = errors.getPlain(row);
    if (known == null) {
      known = new CounterArray(StatusNames.count());
      errors.setRelease(row, known);
    }
    return known;
  }

  /** Counts how long a call took: at the origin, below 0 if it was not there, and here. */
  void time(CallSummary call, Flow client, long originNanos, long proxyNanos) {
    Flow export = exports.flow(exports.of(call.export()));
    if (originNanos >= 0) {
      times(origin, call.row()).record(originNanos);
      client.origin.record(originNanos);
      export.origin.record(originNanos);
    }
    times(proxy, call.row()).record(proxyNanos);
    client.proxy.record(proxyNanos);
    export.proxy.record(proxyNanos);
  }

  private static LatencyHistogram times(AtomicReferenceArray<LatencyHistogram> of, int row) {
    LatencyHistogram known = of.getPlain(row);
    if (known == null) {
      known = LatencyHistogram.fine();
      of.setRelease(row, known);
    }
    return known;
  }

  /** Counts a reply's bytes. */
  void countBytesOut(CallSummary call, Flow client, int bytes) {
    operations.add(call.row() * COUNTS + BYTES_OUT, bytes);
    client.counts.add(Flow.BYTES_OUT, bytes);
    exports.flow(exports.of(call.export())).counts.add(Flow.BYTES_OUT, bytes);
  }

  /** Counts something that happened to a connection. On the event loop. */
  public void count(ConnectionEvent event) {
    connections.add(event.ordinal(), 1);
  }

  void countLost(int calls) {
    connections.add(ConnectionEvent.CALL_LOST.ordinal(), calls);
  }

  /** Counts how late the event loop came to something. On the event loop. */
  public void countLag(long nanos) {
    lag.record(nanos);
  }

  // For any thread from here on.

  void addTo(MeterTotals totals) {
    for (int row = 0; row < rows; row++) {
      totals.calls[row] += operations.get(row * COUNTS + CALLS);
      totals.bytesIn[row] += operations.get(row * COUNTS + BYTES_IN);
      totals.bytesOut[row] += operations.get(row * COUNTS + BYTES_OUT);
      CounterArray failed = errors.getAcquire(row);
      if (failed != null) {
        failed.addTo(totals.errorsOf(row));
      }
      totals.addTimes(row, origin.getAcquire(row), proxy.getAcquire(row));
    }
    totals.lag.add(lag);
    connections.addTo(totals.connectionEvents);
    addExports(totals);
  }

  void addExports(MeterTotals totals) {
    for (int slot = 0; slot < exports.count(); slot++) {
      Flow flow = exports.read(slot);
      if (flow != null) {
        totals.addExport(exports.name(slot), flow);
      }
    }
  }

  void addPairs(String client, Flow flow, List<MeterTotals.Pair> pairs) {
    flow.pairs.read(
        (slot, row, count) ->
            pairs.add(new MeterTotals.Pair(client, exports.name(slot), row, count)));
  }
}
