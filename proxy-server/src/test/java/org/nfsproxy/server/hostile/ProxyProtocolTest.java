package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Wire.NFS;
import static org.nfsproxy.server.fakes.Wire.call;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.read;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.word;

import io.netty.buffer.ByteBufUtil;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// Behind a balancer: whose word is taken, what it says, and what comes of it.
class ProxyProtocolTest {
  private static final int LONG_MILLIS = 20_000;
  private static final int ACCEPTED_AND_SUCCESS = 0;
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final byte[] LOCAL = ByteBufUtil.decodeHexDump(SIGNATURE + "20000000");

  private static byte[] line(String text) {
    return (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static Stream<Arguments> headers() {
    return Stream.of(
        Arguments.of("192.0.2.7", line("PROXY TCP4 192.0.2.7 127.0.0.1 801 2049")),
        Arguments.of("2001:db8:0:0:0:0:0:7", line("PROXY TCP6 2001:db8::7 ::1 801 2049")),
        Arguments.of(
            "192.0.2.7",
            ByteBufUtil.decodeHexDump(SIGNATURE + "2111000c" + "c00002077f00000103210801")),
        Arguments.of(
            "2001:db8:0:0:0:0:0:7",
            ByteBufUtil.decodeHexDump(
                SIGNATURE
                    + "21210024"
                    + "20010db8000000000000000000000007"
                    + "00000000000000000000000000000001"
                    + "03210801")));
  }

  private static JsonObject onlyFor(String client) {
    return new JsonObject()
        .put(
            "parameters",
            new JsonObject()
                .put("clients", new JsonArray().add(client))
                .put("security", new JsonArray().add("none")));
  }

  /** 0 where the rules let it pass, 13 (ACCES) where they do not. */
  private static int statusOfRead(ProxyUnderTest proxy, byte[] header) throws Exception {
    try (RawClient balancer = RawClient.connect(proxy.balancerPort())) {
      balancer.send(header, read(7));
      byte[] reply = balancer.receive();
      assertEquals(7, word(reply, 0));
      return word(reply, 5) == ACCEPTED_AND_SUCCESS ? word(reply, 6) : -1;
    }
  }

  @ParameterizedTest
  @MethodSource("headers")
  void rules_seeTheTrueClient(String client, byte[] header) throws Exception {
    int passed = 7; // the origin echoes the call, whose first word is its xid
    int refused = 13;
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo)) {
      try (ProxyUnderTest proxy =
          ProxyUnderTest.before(origin)
              .balancers(LONG_MILLIS, "127.0.0.1")
              .section("exports", onlyFor(client))
              .start()) {
        assertEquals(passed, statusOfRead(proxy, header));
        try (RawClient direct = proxy.connect()) {
          assertEquals(refused, word(direct.ask(read(7)), 6));
        }
      }
      try (ProxyUnderTest proxy =
          ProxyUnderTest.before(origin)
              .balancers(LONG_MILLIS, "127.0.0.1")
              .section("exports", onlyFor("127.0.0.1"))
              .start()) {
        assertEquals(refused, statusOfRead(proxy, header));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("headers")
  void headerAndCall_dripped_areReadByteByByte(String client, byte[] header) throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).balancers(LONG_MILLIS, "127.0.0.1").start();
        RawClient balancer = RawClient.connect(proxy.balancerPort())) {
      balancer.drip(concat(header, nfsNull(3)));
      assertEquals(3, word(balancer.receive(), 0), client);
    }
  }

  @Test
  void stranger_isClosed_whateverItsHeaderSays() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).balancers(LONG_MILLIS, "127.0.0.2").start();
        RawClient stranger = RawClient.connect(proxy.balancerPort());
        RawClient balancer = RawClient.connectFrom("127.0.0.2", proxy.balancerPort())) {
      byte[] forged = line("PROXY TCP4 192.0.2.7 127.0.0.1 801 2049");
      stranger.sendIfOpen(concat(forged, nfsNull(1)));
      assertEquals(0, stranger.awaitClosed().length);
      balancer.send(forged, nfsNull(2));
      assertEquals(2, word(balancer.receive(), 0));
      assertEquals(1, origin.accepted());
    }
  }

  // A client's own header, behind the balancer's, is no header any more.
  @Test
  void secondHeader_isNoCall() throws Exception {
    byte[] forged = line("PROXY TCP4 192.0.2.7 127.0.0.1 801 2049");
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).balancers(LONG_MILLIS, "127.0.0.1").start();
        RawClient balancer = RawClient.connect(proxy.balancerPort())) {
      balancer.send(forged, forged, nfsNull(1));
      assertEquals(0, balancer.awaitClosed().length);
      assertEquals(0, origin.accepted());
    }
  }

  @Test
  void callWithoutHeader_andHeaderToThePlainPort_areClosed() throws Exception {
    byte[] header = line("PROXY TCP4 192.0.2.7 127.0.0.1 801 2049");
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).balancers(LONG_MILLIS, "127.0.0.1").start();
        RawClient headless = RawClient.connect(proxy.balancerPort());
        RawClient plain = proxy.connect()) {
      headless.sendIfOpen(nfsNull(1));
      assertEquals(0, headless.awaitClosed().length);
      plain.sendIfOpen(concat(header, nfsNull(1)));
      assertEquals(0, plain.awaitClosed().length);
      assertEquals(0, origin.accepted());
    }
  }

  @Test
  void headerThatDoesNotEnd_isClosedInTime_andCountsMeanwhile() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).balancers(300, "127.0.0.1").start()) {
      List<RawClient> slow = new ArrayList<>();
      for (String part : List.of("", "P", "PROXY TCP4 192.0.2.7", "\r\n\r")) {
        RawClient client = RawClient.connect(proxy.balancerPort());
        client.send(part.getBytes(StandardCharsets.US_ASCII));
        slow.add(client);
      }
      eventually("they are counted", () -> proxy.connections() == slow.size());
      for (RawClient client : slow) {
        assertEquals(0, client.awaitClosed().length);
        client.close();
      }
      eventually("they are counted out", () -> proxy.connections() == 0);
    }
  }

  @Test
  void connectionsWithoutHeader_areWithinTheBound() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .balancers(LONG_MILLIS, "127.0.0.1")
                .limit("connectionsMax", 1)
                .start();
        RawClient first = RawClient.connect(proxy.balancerPort())) {
      eventually("the first is there", () -> proxy.connections() == 1);
      try (RawClient second = RawClient.connect(proxy.balancerPort())) {
        assertEquals(0, second.awaitClosed().length);
      }
      first.send(line("PROXY TCP4 192.0.2.7 127.0.0.1 801 2049"), nfsNull(4));
      assertEquals(4, word(first.receive(), 0));
    }
  }

  @Test
  void connectionsPerClient_countTheTrueClients() throws Exception {
    byte[] one = line("PROXY TCP4 192.0.2.1 127.0.0.1 801 2049");
    byte[] two = line("PROXY TCP4 192.0.2.2 127.0.0.1 801 2049");
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .balancers(LONG_MILLIS, "127.0.0.1")
                .limit("connectionsPerClientMax", 1)
                .start();
        RawClient first = RawClient.connect(proxy.balancerPort());
        RawClient again = RawClient.connect(proxy.balancerPort());
        RawClient other = RawClient.connect(proxy.balancerPort())) {
      first.send(one, nfsNull(1));
      assertEquals(1, word(first.receive(), 0));
      again.sendIfOpen(concat(one, nfsNull(2)));
      assertEquals(0, again.awaitClosed().length);
      other.send(two, nfsNull(3));
      assertEquals(3, word(other.receive(), 0));
      assertEquals(2, proxy.connections());
    }
  }

  // LOCAL and UNKNOWN: the balancer's own check. It costs the origin nothing and has no rights.
  @Test
  void balancersOwnCheck_isAnswered_withoutTheOrigin() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).balancers(LONG_MILLIS, "127.0.0.1").start()) {
      for (byte[] header : List.of(LOCAL, line("PROXY UNKNOWN"))) {
        try (RawClient check = RawClient.connect(proxy.balancerPort())) {
          check.send(header, nfsNull(1));
          assertEquals(1, word(check.receive(), 0));
          check.send(record(call(2, NFS, 4, 0, none -> {})));
          byte[] reply = check.receive();
          assertEquals(List.of(2, 1, 0, 0, 0, 0), words(reply));
          check.sendIfOpen(read(3));
          assertEquals(0, check.awaitClosed().length);
        }
      }
      assertEquals(0, origin.accepted());
      eventually("they are counted out", () -> proxy.connections() == 0);
    }
  }

  private static List<Integer> words(byte[] message) {
    List<Integer> words = new ArrayList<>();
    for (int i = 0; i < message.length / 4; i++) {
      words.add(word(message, i));
    }
    return words;
  }

  @Test
  void balancersOwnCheck_ofWhatNobodyServes_isClosed() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).balancers(LONG_MILLIS, "127.0.0.1").start()) {
      List<byte[]> calls =
          List.of(
              record(call(1, NFS, 9, 0, none -> {})),
              record(call(1, 100099, 1, 0, none -> {})),
              record(call(1, NFS, 3, 0, 6, new byte[20], none -> {})),
              record(new byte[2000]),
              record(new byte[3]));
      for (byte[] call : calls) {
        try (RawClient check = RawClient.connect(proxy.balancerPort())) {
          check.sendIfOpen(concat(LOCAL, call));
          assertEquals(0, check.awaitClosed().length);
        }
      }
      assertEquals(0, origin.accepted());
    }
  }

  // A balancer that only looks whether the port is open; ProxyUnderTest fails on any warning.
  @Test
  void bareConnect_opensNothingAtTheOrigin_andIsNoEvent() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).balancers(LONG_MILLIS, "127.0.0.1").start()) {
      for (int port : new int[] {proxy.port(), proxy.balancerPort()}) {
        for (int i = 0; i < 20; i++) {
          RawClient check = RawClient.connect(port);
          if (i % 2 == 0) {
            check.close();
          } else {
            check.reset();
          }
        }
      }
      eventually("they are gone", () -> proxy.connections() == 0);
      assertEquals(0, origin.accepted());
      assertTrue(proxy.port() != proxy.balancerPort());
    }
  }
}
