package org.nfsproxy.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.metrics.ConnectionMeter;
import org.nfsproxy.server.metrics.LoopMeter;
import org.nfsproxy.server.metrics.MeterBounds;
import org.nfsproxy.server.metrics.Meters;
import org.nfsproxy.server.metrics.OperationRows;
import org.nfsproxy.server.metrics.RecentLines;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.refusals.RefusalCounts;
import org.nfsproxy.server.refusals.RefusalLog;
import org.nfsproxy.server.refusals.RefusalTrace;

class LiveNumbersTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-30T05:00:00Z"), ZoneOffset.UTC);
  private static final long SECOND = 1_000_000_000L;
  private static final int MANY = 10_000;

  private final Meters meters = new Meters(new MeterBounds(MANY, 1000, 1_000_000, 200));
  private final LoopMeter loop = meters.loop();
  private final AtomicLong nanos = new AtomicLong();
  private final RefusalTrace refusals = new RefusalTrace(new RefusalLog(100), new RefusalCounts());
  private final RecentLines slowCalls = new RecentLines(() -> 1000);

  private LiveNumbers numbers(int rowsMax) {
    LiveSources sources =
        new LiveSources(
            meters,
            () ->
                number ->
                    number instanceof Long known ? "/export/" + known.intValue() % 900 : "none",
            refusals,
            slowCalls,
            () -> new JsonObject().put("connections", 1),
            () -> new JsonObject().put("state", "off"),
            () -> 7L);
    return new LiveNumbers(sources, rowsMax, CLOCK, nanos::get);
  }

  private static InetAddress address(int i) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
    } catch (UnknownHostException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }

  private void call(ConnectionMeter meter, long export, int times) {
    for (int i = 0; i < times; i++) {
      CallSummary summary = new CallSummary();
      summary.begin(System.nanoTime(), 100);
      summary.judge(OperationRows.of(Programs.NFS, 3, 1), false);
      summary.at(1L << 32 | export);
      meter.carriesOut();
      meter.sent(summary, 1);
      meter.replies();
      ByteBuf reply = Unpooled.wrappedBuffer(Wire.words(1, 1, 0, 0, 0, 0, 0));
      meter.passed(meter.passes(1, reply, reply.readableBytes()), 32);
    }
  }

  private ConnectionMeter client(int i) {
    return ConnectionMeter.of(loop, address(i), 1000);
  }

  private static List<JsonObject> rows(JsonObject event, String table) {
    Object value = event.getValue(table);
    JsonArray rows =
        value instanceof JsonArray all ? all : ((JsonObject) value).getJsonArray("rows");
    return rows.stream().map(JsonObject.class::cast).toList();
  }

  private static List<String> names(JsonObject event, String table, String key) {
    return rows(event, table).stream().map(row -> row.getString(key)).toList();
  }

  @Test
  void firstLook_hasSumsAndNoRates_theNextOneWhatWasAdded() {
    LiveNumbers numbers = numbers(10);
    ConnectionMeter one = client(1);
    call(one, 5, 3);
    JsonObject first = numbers.look();
    assertNull(first.getValue("seconds"));
    assertEquals(3, rows(first, "clients").get(0).getLong("calls"));
    assertNull(rows(first, "clients").get(0).getValue("callsPerSecond"));
    assertNull(first.getJsonObject("all").getValue("longerAt"));
    nanos.addAndGet(2 * SECOND);
    call(one, 5, 8);
    JsonObject next = numbers.look();
    assertEquals(2.0, next.getDouble("seconds"));
    assertEquals("2026-11-30T05:00:00Z", next.getString("time"));
    for (String table : List.of("clients", "exports", "pairs")) {
      JsonObject row = rows(next, table).get(0);
      assertEquals(11, row.getLong("calls"), table);
      assertEquals(4.0, row.getDouble("callsPerSecond"), table);
    }
    JsonObject operation = rows(next, "operations").get(0);
    assertEquals("GETATTR", operation.getString("operation"));
    assertEquals(11, operation.getLong("operations"));
    assertEquals(4.0, operation.getDouble("operationsPerSecond"));
    assertEquals(128.0, operation.getDouble("bytesOutPerSecond"));
    assertEquals(4.0, next.getJsonObject("all").getDouble("callsPerSecond"));
    assertEquals(7, next.getJsonObject("all").getLong("callsInFlight"));
    nanos.addAndGet(SECOND);
    JsonObject still = numbers.look();
    assertEquals(0.0, still.getJsonObject("all").getDouble("callsPerSecond"));
    assertNull(still.getJsonObject("all").getValue("originMillis"));
    numbers.forget();
    assertNull(numbers.look().getValue("seconds"));
  }

  @Test
  void busiestNow_areShown_andOfThemThePairs() {
    LiveNumbers numbers = numbers(2);
    for (int i = 0; i < 5; i++) {
      call(client(i), i, 10 * (i + 1));
    }
    JsonObject first = numbers.look();
    assertEquals(List.of("10.0.0.4", "10.0.0.3"), names(first, "clients", "client"));
    assertEquals(5, first.getJsonObject("clients").getLong("of"));
    nanos.addAndGet(SECOND);
    call(client(0), 0, 3);
    call(client(1), 1, 2);
    JsonObject next = numbers.look();
    assertEquals(List.of("10.0.0.0", "10.0.0.1"), names(next, "clients", "client"));
    assertEquals(List.of("/export/0", "/export/1"), names(next, "exports", "export"));
    assertEquals(2, rows(next, "pairs").size());
    assertNull(rows(next, "pairs").get(0).getValue("callsPerSecond"));
    nanos.addAndGet(SECOND);
    call(client(0), 0, 4);
    JsonObject third = numbers.look();
    assertEquals(4.0, rows(third, "pairs").get(0).getDouble("callsPerSecond"));
  }

  // As where a filesystem was found twice, or formatted anew.
  @Test
  void exportsOfOneName_areOneRow() {
    LiveNumbers numbers = numbers(10);
    call(client(1), 5, 3);
    call(client(1), 905, 4);
    JsonObject event = numbers.look();
    assertEquals(List.of("/export/5"), names(event, "exports", "export"));
    assertEquals(7, rows(event, "exports").get(0).getLong("calls"));
    assertEquals(List.of("/export/5"), names(event, "pairs", "export"));
    assertEquals(7, rows(event, "pairs").get(0).getLong("calls"));
  }

  @Test
  void loopThatStoodStill_isTheProxys_whateverTheTimesSay() {
    LiveNumbers numbers = numbers(10);
    loop.countLag(5 * SECOND);
    numbers.look();
    nanos.addAndGet(SECOND);
    call(client(1), 1, 1);
    loop.countLag(20_000_000);
    JsonObject all = numbers.look().getJsonObject("all");
    assertTrue(List.of("origin", "proxy").contains(all.getString("longerAt")), all.encode());
    nanos.addAndGet(SECOND);
    loop.countLag(300_000_000);
    all = numbers.look().getJsonObject("all");
    assertEquals("stalled", all.getString("longerAt"));
    assertEquals(300, all.getDouble("eventLoopLagMillis"), 10);
  }

  @Test
  void refusals_areThoseOfTheRules_withTheLastLines() {
    LiveNumbers numbers = numbers(10);
    refusals.refused(address(1), Refused.CLIENTS, "path /a", () -> "<b>refused</b>");
    numbers.look();
    nanos.addAndGet(SECOND);
    refusals.refused(address(1), Refused.CLIENTS, "path /a", () -> "never told");
    slowCalls.add("10.0.0.9", "slow");
    JsonObject next = numbers.look();
    JsonObject rule = rows(next, "refusals").get(0);
    assertEquals("path /a", rule.getString("rule"));
    assertEquals("clients", rule.getString("key"));
    assertEquals(2, rule.getLong("calls"));
    assertEquals(1.0, rule.getDouble("callsPerSecond"));
    assertEquals(List.of("<b>refused</b>"), names(next, "lastRefusals", "text"));
    assertEquals(List.of("10.0.0.1"), names(next, "lastRefusals", "client"));
    assertEquals(List.of("slow"), names(next, "slowCalls", "text"));
  }

  // However many there are.
  @Test
  void tenThousandClients_areAnEventOfSomeKilobytes() {
    LiveNumbers numbers = numbers(100);
    for (int i = 0; i < MANY; i++) {
      ConnectionMeter client = client(i);
      for (int export = 0; export < 10; export++) {
        call(client, (i + 97 * export) % 1000, 1 + i % 3);
      }
    }
    numbers.look();
    nanos.addAndGet(SECOND);
    JsonObject event = numbers.look();
    int bytes = event.toBuffer().length();
    assertEquals(100, rows(event, "clients").size());
    assertEquals(MANY, event.getJsonObject("clients").getLong("of"));
    assertTrue(bytes < 100_000, bytes + " bytes");
  }

  @Test
  void veryLongName_isCutInTheMiddle() {
    String name = LiveFormat.name("/a" + "x".repeat(4000) + "/end");
    assertEquals(257, name.length());
    assertTrue(name.startsWith("/axx") && name.endsWith("/end"), name);
  }
}
