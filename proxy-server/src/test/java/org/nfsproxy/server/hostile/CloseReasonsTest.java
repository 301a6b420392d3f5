package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.AdminPages.ask;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.words;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// Why connections end, as /info tells an administrator: each of them once, under its reason.
class CloseReasonsTest {
  private static ProxyUnderTest.Settings settings(FakeOrigin origin) {
    return ProxyUnderTest.before(origin).section("admin", new JsonObject().put("port", 0));
  }

  private static Map<String, Long> closes(ProxyUnderTest proxy) throws Exception {
    Map<String, Long> met = new TreeMap<>();
    new JsonObject(ask(proxy, "GET", "/info").body())
        .getJsonObject("closes")
        .forEach(each -> met.put(each.getKey(), ((Number) each.getValue()).longValue()));
    met.values().removeIf(count -> count == 0);
    return met;
  }

  private static void assertOnly(ProxyUnderTest proxy, String reason) throws Exception {
    eventually("it is gone", () -> proxy.connections() == 0);
    assertEquals(Map.of(reason, 1L), closes(proxy));
  }

  @Test
  void clientThatEnds() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin).start()) {
      try (RawClient client = proxy.connect()) {
        assertEquals(1, word(client.ask(nfsNull(1)), 0));
      }
      assertOnly(proxy, "clientEnded");
    }
  }

  @Test
  void clientThatEnds_whereHalfClosedOnesAreNotKept() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin).limit("halfClosedMillis", 0).start()) {
      try (RawClient client = proxy.connect()) {
        assertEquals(1, word(client.ask(nfsNull(1)), 0));
      }
      assertOnly(proxy, "clientEnded");
    }
  }

  @Test
  void messageThatIsNoRpc() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin).start();
        RawClient client = proxy.connect()) {
      client.send(record(words(1, 7)));
      assertEquals(0, client.awaitClosed().length);
      assertOnly(proxy, "notRpc");
    }
  }

  @Test
  void recordAboveTheBound() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin).start();
        RawClient client = proxy.connect()) {
      client.send(words(0xffff_ffff));
      assertEquals(0, client.awaitClosed().length);
      assertOnly(proxy, "unusableRecord");
    }
  }

  @Test
  void originThatEnds_withACallInFlight() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::receive);
        ProxyUnderTest proxy = settings(origin).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(1));
      assertEquals(0, client.awaitClosed().length);
      assertOnly(proxy, "originEnded");
    }
  }

  @Test
  void clientAboveItsShare() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin).limit("connectionsPerClientMax", 1).start();
        RawClient first = proxy.connect()) {
      assertEquals(1, word(first.ask(nfsNull(1)), 0));
      try (RawClient second = proxy.connect()) {
        assertEquals(0, second.awaitClosed().length);
      }
      assertEquals(Map.of("connectionsPerClientMax", 1L), closes(proxy));
    }
  }

  @Test
  void clientThatIsSentAway() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            settings(origin).section("drain", new JsonObject().put("noticeMillis", 0)).start();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      ask(proxy, "POST", "/drain");
      assertEquals(0, client.awaitClosed().length);
      client.close();
      assertOnly(proxy, "drained");
    }
  }
}
