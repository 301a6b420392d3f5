package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.AdminPages.ask;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.ProxyUnderTest.await;
import static org.nfsproxy.server.fakes.Wire.callback;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.AdminPages.Answer;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// Clients are sent away at moments with nothing in flight, in either direction.
class DrainTest {
  private static final int LONG_MILLIS = 20_000;

  private static ProxyUnderTest.Settings settings(FakeOrigin origin, int noticeMillis) {
    return ProxyUnderTest.before(origin)
        .limit("drainMillis", LONG_MILLIS)
        .section("admin", new JsonObject().put("port", 0))
        .section("drain", new JsonObject().put("noticeMillis", noticeMillis));
  }

  private static int status(ProxyUnderTest proxy, String path) {
    try {
      return ask(proxy, "GET", path).status();
    } catch (IOException gone) {
      return -1;
    }
  }

  @Test
  void drain_failsReadinessFirst_andSheds_butGoesOnListening() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin, 300).start();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      assertEquals(200, status(proxy, "/health/ready"));
      assertEquals(200, status(proxy, "/health/accepting"));
      assertEquals(202, ask(proxy, "POST", "/drain").status());
      assertEquals(503, status(proxy, "/health/ready"));
      assertEquals(404, status(proxy, "/health/accepting"));
      assertEquals(200, status(proxy, "/health/live"));
      assertEquals(0, client.awaitClosed().length);
      client.close();
      try (RawClient late = proxy.connect()) {
        assertEquals(2, word(late.ask(nfsNull(2)), 0));
        assertEquals(202, ask(proxy, "POST", "/undrain").status());
        assertEquals(200, status(proxy, "/health/ready"));
        assertEquals(3, word(late.ask(nfsNull(3)), 0));
      }
    }
  }

  @Test
  void undrain_duringTheNotice_keepsTheClients() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin, 500).start();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      ask(proxy, "POST", "/drain");
      ask(proxy, "POST", "/undrain");
      assertTrue(client.isQuiet(1000));
      assertEquals(2, word(client.ask(nfsNull(2)), 0));
    }
  }

  @Test
  void stop_withNotice_servesUntilTheBalancerHasNoticed() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin, 1500).start();
        RawClient client = proxy.connect()) {
      Future<Void> stopped = proxy.stop();
      assertEquals(503, status(proxy, "/health/ready"));
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      try (RawClient late = proxy.connect()) {
        assertEquals(2, word(late.ask(nfsNull(2)), 0));
        assertFalse(stopped.isComplete());
        assertEquals(0, late.awaitClosed().length);
      }
      assertEquals(0, client.awaitClosed().length);
      client.close();
      await(stopped);
    }
  }

  @Test
  void callInFlight_getsItsReplyBeforeItsConnectionEnds() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch arrived = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  arrived.countDown();
                  Eventually.await(answer);
                  connection.send(reply(word(call, 0)));
                  connection.beSilent();
                });
        ProxyUnderTest proxy = settings(origin, 0).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(7));
      Eventually.await(arrived);
      ask(proxy, "POST", "/drain");
      assertTrue(client.isQuiet(300));
      client.send(nfsNull(8)); // is not read any more: the client sends it again elsewhere
      answer.countDown();
      assertArrayEquals(replyMessage(7), client.receive());
      assertEquals(0, client.awaitClosed().length);
    }
  }

  // The origin waits for the client's answer to a callback, and holds a delegation against others
  // for as long.
  @Test
  void callbackInFlight_getsItsAnswerThrough_beforeItsConnectionEnds() throws Exception {
    BlockingQueue<byte[]> atOrigin = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  connection.send(callback(5), reply(word(call, 0)));
                  for (byte[] next = connection.receive();
                      next != null;
                      next = connection.receive()) {
                    atOrigin.add(next);
                  }
                });
        ProxyUnderTest proxy = settings(origin, 0).start();
        RawClient client = proxy.connect()) {
      assertEquals(5, word(client.ask(nfsNull(7)), 0));
      assertEquals(7, word(client.receive(), 0));
      ask(proxy, "POST", "/drain");
      assertTrue(client.isQuiet(300));
      client.send(reply(5));
      assertArrayEquals(
          replyMessage(5), atOrigin.poll(Eventually.MILLIS_MAX, TimeUnit.MILLISECONDS));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void callWithoutReply_holdsTheDrain_untilDrainMillis() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::beSilent);
        ProxyUnderTest proxy = settings(origin, 0).limit("drainMillis", 500).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(7));
      eventually("the call has gone through", () -> origin.accepted() == 1);
      ask(proxy, "POST", "/drain");
      assertTrue(client.isQuiet(400));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void rebalance_shedsTheShare_andTheOthersStay() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin, 0).start()) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        RawClient client = proxy.connect();
        assertEquals(i, word(client.ask(nfsNull(i)), 0));
        clients.add(client);
      }
      assertEquals(new Answer(202, "{\"shed\":3}"), ask(proxy, "POST", "/rebalance?share=0.33"));
      eventually("three are closed", () -> proxy.connections() == 6);
      int served = 0;
      for (RawClient client : clients) {
        served += client.sendIfOpen(nfsNull(77)) && client.receive() != null ? 1 : 0;
        client.close();
      }
      assertEquals(6, served);
      assertEquals(200, status(proxy, "/health/ready"));
    }
  }

  @Test
  void rebalance_withoutAShare_isRefused() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin, 0).start()) {
      for (String query :
          List.of(
              "",
              "?share=",
              "?share=0",
              "?share=-1",
              "?share=1.01",
              "?share=NaN",
              "?share=all",
              "?shares=0.5",
              "?share=Infinity")) {
        assertEquals(400, ask(proxy, "POST", "/rebalance" + query).status(), query);
      }
    }
  }

  private static List<RawClient> clients(ProxyUnderTest proxy, String... addresses)
      throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (String address : addresses) {
      RawClient client = RawClient.connectFrom(address, proxy.port());
      assertEquals(7, word(client.ask(nfsNull(7)), 0));
      clients.add(client);
    }
    return clients;
  }

  private static List<Integer> ports(ProxyUnderTest proxy, String query) throws Exception {
    JsonArray told = new JsonArray(ask(proxy, "GET", "/clients" + query).body());
    List<Integer> ports = new ArrayList<>();
    told.forEach(row -> ports.add(((JsonObject) row).getInteger("port")));
    return ports;
  }

  @Test
  void close_ofOneClient_leavesTheOthers() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin, 0).start()) {
      List<RawClient> all = clients(proxy, "127.0.0.2", "127.0.0.2", "127.0.0.2", "127.0.0.3");
      int first = all.get(0).socket().getLocalPort();

      String one = "/clients/close?address=127.0.0.2&port=" + first;
      assertEquals(new Answer(202, "{\"closing\":1}"), ask(proxy, "POST", one));
      eventually("one is closed", () -> proxy.connections() == 3);
      assertEquals(0, all.get(0).awaitClosed().length);

      String rest = "/clients/close?address=127.0.0.2/32";
      assertEquals(new Answer(202, "{\"closing\":2}"), ask(proxy, "POST", rest));
      eventually("two more are", () -> proxy.connections() == 1);
      assertEquals(7, word(all.get(3).ask(nfsNull(7)), 0));
      assertEquals(new Answer(202, "{\"closing\":0}"), ask(proxy, "POST", rest));
      for (RawClient client : all) {
        client.close();
      }
    }
  }

  @Test
  void close_thatDoesNotSayWhose_isRefused() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin, 0).start();
        RawClient client = clients(proxy, "127.0.0.2").get(0)) {
      for (String query :
          List.of("", "?port=5", "?address=", "?address=example.com", "?adress=127.0.0.2")) {
        assertEquals(400, ask(proxy, "POST", "/clients/close" + query).status(), query);
      }
      assertEquals(405, ask(proxy, "GET", "/clients/close?address=127.0.0.2").status());
      assertEquals(7, word(client.ask(nfsNull(7)), 0));
    }
  }

  @Test
  void clients_areFilteredAndPaged() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = settings(origin, 0).start()) {
      List<RawClient> all = clients(proxy, "127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.4");
      List<Integer> everybody = ports(proxy, "");
      assertEquals(4, everybody.size());
      assertEquals(everybody, ports(proxy, "?version=3"));
      assertEquals(List.of(), ports(proxy, "?version=4.1"));
      assertEquals(2, ports(proxy, "?address=127.0.0.2").size());
      assertEquals(
          List.of(all.get(3).socket().getLocalPort()),
          ports(proxy, "?address=127.0.0.4/31&count=5"));
      assertEquals(everybody.subList(1, 3), ports(proxy, "?from=1&count=2"));
      assertEquals(List.of(), ports(proxy, "?from=4"));
      for (String query : List.of("?from=-1", "?count=x", "?version=5", "?adress=127.0.0.2")) {
        assertEquals(400, ask(proxy, "GET", "/clients" + query).status(), query);
      }
      for (RawClient client : all) {
        client.close();
      }
    }
  }

  @Test
  void clientsAndInstance_areTold() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            settings(origin, 0)
                .section("cluster", new JsonObject().put("instance", "a-1"))
                .start();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      JsonArray clients = new JsonArray(ask(proxy, "GET", "/clients").body());
      assertEquals(1, clients.size());
      JsonObject row = clients.getJsonObject(0);
      assertEquals("127.0.0.1", row.getString("address"));
      assertEquals(client.socket().getLocalPort(), row.getInteger("port"));
      assertEquals(null, row.getString("balancer"));
      assertEquals(new JsonArray().add("3"), row.getJsonArray("versions"));
      assertEquals(1, row.getInteger("calls"));
      assertNull(row.getString("identity"));
      assertEquals(44, row.getInteger("bytesIn"));
      assertEquals(28 + 40, row.getInteger("bytesOut"));
      assertEquals(0, row.getInteger("callsInFlight"));
      assertTrue(row.getInteger("originPort") > 0);
      assertEquals(false, row.getBoolean("leaving"));
      JsonObject instance = new JsonObject(ask(proxy, "GET", "/info").body());
      assertEquals("a-1", instance.getString("instance"));
      assertEquals("127.0.0.1 port " + origin.port(), instance.getString("origin"));
      assertEquals(proxy.port(), instance.getInteger("port"));
      assertEquals(true, instance.getBoolean("serving"));
      assertTrue(instance.containsKey("reachability"));
      assertEquals(0, instance.getJsonObject("counts").getInteger("callsDelayed"));
    }
  }
}
