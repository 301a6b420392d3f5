package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.fakes.Wire;

class ConnectionMeterTest {
  private static final int ADDRESSES = 10_000;

  private static InetAddress address(int i) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
    } catch (UnknownHostException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }

  private static void call(ConnectionMeter meter, long export) {
    CallSummary summary = new CallSummary();
    summary.begin(System.nanoTime(), 100);
    summary.judge(OperationRows.of(Programs.NFS, 3, 1), false);
    summary.at(export);
    meter.carriesOut();
    meter.sent(summary, 1);
    meter.replies();
    ByteBuf reply = Unpooled.wrappedBuffer(Wire.words(1, 1, 0, 0, 0, 0, 0));
    meter.passed(meter.passes(1, reply, reply.readableBytes()), 32);
  }

  @Test
  void tenThousandAddresses_andAsManyExports_areBounded_andSumsAreExact() {
    Meters meters = new Meters(new MeterBounds(100, 50, 300, 4));
    LoopMeter[] loops = {meters.loop(), meters.loop()};
    ConnectionMeter[] all = new ConnectionMeter[ADDRESSES];
    for (int i = 0; i < ADDRESSES; i++) {
      all[i] = ConnectionMeter.of(loops[i % 2], address(i), 0);
    }
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < ADDRESSES; i++) {
        call(all[i], 1L << 32 | i);
      }
      for (ConnectionMeter each : all) {
        each.second();
      }
      meters.look();
    }
    MeterTotals totals = meters.totals();
    assertEquals(101, totals.clients().size());
    assertEquals(100, meters.clients());
    assertEquals(3 * ADDRESSES, sum(totals.clients()));
    assertTrue(totals.exports().size() <= 53, "" + totals.exports().size());
    assertEquals(3 * ADDRESSES, sum(totals.exports()));
    long pairs = totals.pairs().stream().mapToLong(MeterTotals.Pair::calls).sum();
    assertEquals(3 * ADDRESSES, pairs);
    assertEquals(3L * ADDRESSES, totals.calls(OperationRows.of(Programs.NFS, 3, 1)));
  }

  private static long sum(Map<?, FlowTotals> flows) {
    return flows.values().stream().mapToLong(FlowTotals::calls).sum();
  }

  @Test
  void anotherExport_withTheIndexOfOneThatIsCounted_isAmongTheRest() {
    Meters meters = new Meters(new MeterBounds(10, 10, 10, 10));
    ConnectionMeter meter = ConnectionMeter.of(meters.loop(), address(1), 0);
    call(meter, 1L << 32 | 5);
    call(meter, 2L << 32 | 5);
    assertEquals(1, meters.exports().get(1L << 32 | 5).calls());
    assertEquals(1, meters.exports().get("other").calls());
  }

  @Test
  void callsWithoutAReply_areCountedWhenTheConnectionEnds() {
    Meters meters = new Meters(new MeterBounds(10, 10, 10, 10));
    ConnectionMeter meter = ConnectionMeter.of(meters.loop(), address(1), 0);
    CallSummary summary = new CallSummary();
    summary.begin(0, 100);
    meter.sent(summary, 7);
    meter.ended();
    meter.ended();
    assertEquals(1, meters.totals().count(ConnectionEvent.CALL_LOST));
  }
}
