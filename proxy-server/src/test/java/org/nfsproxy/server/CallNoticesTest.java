package org.nfsproxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Wire.words;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.metrics.SlowCallLog;

/** What the log is told of single calls when their reply comes. */
class CallNoticesTest {
  private static final int ACCES = 13;
  private static final int GETATTR = 1;
  private static final int REMOVE = 12;
  private static final int SLOW_MILLIS = 20;

  private FakeOrigin origin;
  private int xid;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = FakeOrigin.start(CallNoticesTest::serve);
  }

  @AfterEach
  void stop() throws IOException {
    origin.close();
  }

  // REMOVE is denied, and takes its time.
  private static void serve(FakeOriginConnection connection) throws IOException {
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      boolean isRemove = Wire.word(call, 3) == Wire.NFS && Wire.word(call, 5) == REMOVE;
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * SLOW_MILLIS);
      while (isRemove && System.nanoTime() < until) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
      connection.send(Wire.reply(Wire.word(call, 0), words(isRemove ? ACCES : 0, 0, 0, 0)));
    }
  }

  private ProxyUnderTest proxy(String squash, int slowMillis) throws Exception {
    JsonObject parameters =
        new JsonObject().put("squash", squash).put("security", new JsonArray().add("sys"));
    return ProxyUnderTest.before(origin)
        .section("admin", new JsonObject().put("enabled", false))
        .section("exports", new JsonObject().put("parameters", parameters))
        .section("log", new JsonObject().put("slowCallMillis", slowMillis))
        .start();
  }

  private void call(RawClient client, int procedure, int uid) throws IOException {
    byte[] credential = Wire.xdr(out -> out.int32(0).string("c").int32(uid).int32(0).int32(0));
    byte[] message =
        Wire.call(
            ++xid,
            Wire.NFS,
            3,
            procedure,
            1,
            credential,
            out -> {
              out.opaque(new byte[8]);
              if (procedure == REMOVE) {
                out.string("a");
              }
            });
    client.ask(Wire.record(message));
  }

  private static void assertOneLine(LogLines log, String... parts) {
    Eventually.eventually("a line", () -> !log.lines().isEmpty());
    List<String> lines = log.lines();
    assertEquals(1, lines.size(), lines::toString);
    for (String part : parts) {
      assertTrue(lines.get(0).contains(part), () -> part + " in " + lines.get(0));
    }
  }

  @Test
  void root_thatTheProxySquashes_andTheOriginDenies_isToldOnceWhichKeyDidIt() throws Exception {
    try (LogLines log = LogLines.of(CallNotices.class);
        ProxyUnderTest proxy = proxy("root", 0);
        RawClient user = RawClient.connectFrom("127.0.0.2", proxy.port());
        RawClient client = proxy.connect()) {
      call(user, REMOVE, 1000);
      call(client, GETATTR, 0);
      call(client, REMOVE, 0);
      call(client, REMOVE, 0);
      assertOneLine(
          log,
          "WARN root of client 127.0.0.1 was denied NFSv3 REMOVE by the origin",
          "this proxy makes it a nobody, by `squash` of `exports.parameters`",
          "`squash: none`");
    }
  }

  @Test
  void root_thatTheOriginSquashes_isTold() throws Exception {
    try (LogLines log = LogLines.of(CallNotices.class);
        ProxyUnderTest proxy = proxy("none", 0);
        RawClient client = proxy.connect()) {
      call(client, REMOVE, 0);
      assertOneLine(log, "this proxy leaves root as it is", "no_root_squash at the origin");
    }
  }

  @Test
  void slowCall_isToldWithItsTimes() throws Exception {
    try (LogLines log = LogLines.of(SlowCallLog.class);
        ProxyUnderTest proxy = proxy("none", SLOW_MILLIS);
        RawClient client = proxy.connect()) {
      call(client, REMOVE, 1000);
      int port = client.socket().getLocalPort();
      String line =
          "INFO slow call: NFSv3 REMOVE of client 127.0.0.1 port %d, uid 1000, xid 00000001: "
              .formatted(port);
      Eventually.eventually(
          "slow", () -> log.lines().stream().anyMatch(each -> each.startsWith(line)));
    }
  }

  @Test
  void slowCalls_beyondTheBound_areANumber() {
    try (LogLines log = LogLines.of(SlowCallLog.class)) {
      SlowCallLog slow = new SlowCallLog(2);
      for (int i = 0; i < 5; i++) {
        if (slow.takes()) {
          slow.tell(InetAddress.getLoopbackAddress(), "call " + i);
        }
      }
      slow.periodIsOver(60);
      slow.periodIsOver(60);
      assertTrue(slow.takes());
      assertEquals(
          List.of(
              "INFO slow call: call 0",
              "INFO slow call: call 1",
              "INFO 3 more slow calls in the last 60 s (log.slowCallLinesMax)"),
          log.lines());
    }
  }
}
