package org.nfsproxy.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.call.Refills;
import org.nfsproxy.server.metrics.ConnectionMeter;
import org.nfsproxy.server.metrics.FlowTotals;
import org.nfsproxy.server.metrics.LoopMeter;
import org.nfsproxy.server.metrics.MeterBounds;
import org.nfsproxy.server.metrics.MeterTotals;
import org.nfsproxy.server.metrics.Meters;
import org.nfsproxy.server.metrics.OperationRows;
import org.nfsproxy.server.metrics.PrometheusText;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What counting a call costs, from when it arrives to when its reply has passed, with clients and
 * exports in turn; and what it costs to add all of it up and write it. The memory that was taken is
 * printed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
public class MetersBenchmark {
  private static final int OPERATIONS = 20;
  private static final int NFS = 100003;

  /** Client addresses. */
  @Param({"1", "10000"})
  public int clients;

  /** Exports that each of them uses. */
  @Param({"1", "100"})
  public int exports;

  private final CallBatch batch = new CallBatch();
  private final ByteBuf record = Unpooled.wrappedBuffer(new byte[128]);
  private final ByteBuf reply = Unpooled.buffer(36).writeInt(1).writeInt(1).writeZero(28);
  private Meters meters;
  private ConnectionMeter[] connections;
  private int client;
  private int export;
  private int operation;

  /** Counts every operation of every client on every export once. */
  @Setup(Level.Trial)
  public void begin() throws UnknownHostException {
    long before = usedBytes();
    meters = new Meters(new MeterBounds(clients, 1000, 20_000, 200));
    LoopMeter[] loops = {meters.loop(), meters.loop()};
    connections = new ConnectionMeter[clients];
    for (int i = 0; i < clients; i++) {
      InetAddress address =
          InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i});
      connections[i] = ConnectionMeter.of(loops[i % 2], address, 0);
      for (int j = 0; j < exports * OPERATIONS; j++) {
        call(connections[i], j / OPERATIONS, j % OPERATIONS);
      }
    }
    System.out.printf("%n%d KiB for all of it%n", (usedBytes() - before) / 1024);
  }

  private static long usedBytes() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void call(ConnectionMeter meter, int at, int operation) {
    Refills.fill(batch, record);
    meter.reads();
    meter.arrived(batch, record);
    CallSummary summary = batch.summary(0);
    summary.judge(OperationRows.of(NFS, 3, operation + 1), false);
    summary.at(1L << 32 | at);
    meter.carriesOut();
    meter.sent(batch.takeSummary(0), 1);
    meter.replies();
    meter.passed(meter.passes(1, reply, 36), 128);
    Refills.clear(batch);
  }

  /** Counts a call of the next client. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public void count() {
    client = client + 7919 < clients ? client + 7919 : (client + 7919) % clients;
    export = (export + 1) % exports;
    operation = (operation + 1) % OPERATIONS;
    call(connections[client], export, operation);
  }

  /**
   * Adds up and writes what a scrape gets of clients.
   *
   * @return its length
   */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public int scrape() {
    PrometheusText text = new PrometheusText(false);
    MeterTotals totals = meters.totals();
    Map<String, FlowTotals> flows = totals.clients();
    text.counter("calls_total", "Calls.");
    flows.forEach((name, flow) -> text.sample(flow.calls(), "client", name));
    text.counter("errors_total", "Errors.");
    flows.forEach((name, flow) -> text.sample(flow.errors(), "client", name));
    text.counter("received_bytes_total", "Bytes.");
    flows.forEach((name, flow) -> text.sample(flow.bytesIn(), "client", name));
    text.counter("sent_bytes_total", "Bytes.");
    flows.forEach((name, flow) -> text.sample(flow.bytesOut(), "client", name));
    text.counter("origin_seconds_total", "Seconds.");
    flows.forEach((name, flow) -> text.sample(flow.originSeconds(), "client", name));
    text.counter("proxy_seconds_total", "Seconds.");
    flows.forEach((name, flow) -> text.sample(flow.proxySeconds(), "client", name));
    return text.end().length;
  }
}
