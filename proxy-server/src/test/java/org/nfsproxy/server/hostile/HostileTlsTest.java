package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.AdminPages.ask;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.TlsClients.granted;
import static org.nfsproxy.server.fakes.TlsClients.probe;
import static org.nfsproxy.server.fakes.TlsClients.secure;
import static org.nfsproxy.server.fakes.TlsClients.shake;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.read;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.write;

import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.ClientHellos;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.TestCertificates;

// What strangers do with TLS itself, its records and its handshake, beside clients who are served.
class HostileTlsTest {
  private static final int EARLY_DATA = 42;
  private static final int MIB = 1 << 20;

  /** As the configuration has it. */
  private static final int HANDSHAKES_MAX = 512;

  private static final int HALF_DONE = 2_000;

  @TempDir private Path folder;
  private TestCertificates certificates;

  @BeforeEach
  void makeCertificates() throws Exception {
    certificates = TestCertificates.in(folder);
  }

  private ProxyUnderTest.Settings offering(FakeOrigin origin) {
    return ProxyUnderTest.before(origin)
        .tls(certificates.tls("offer", "none"))
        .section("admin", new JsonObject().put("port", 0));
  }

  private static JsonObject tlsOf(ProxyUnderTest proxy) {
    try {
      return new JsonObject(ask(proxy, "GET", "/info").body()).getJsonObject("tls");
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  private static int underWay(ProxyUnderTest proxy) {
    return tlsOf(proxy).getInteger("handshakesUnderWay");
  }

  // ---- records ----------------------------------------------------------------------------------

  // Behind the handshake everything is application data, to whoever looks at it from outside
  // (RFC 8446 section 5.2). What says otherwise is not from the client.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "18 0303 0003 010040", // heartbeat, the request of RFC 6520 that asks for too much
        "18 0303 0000",
        "15 0303 0002 0100", // an alert in the clear: close_notify
        "16 0303 0004 00000000", // HelloRequest: TLS 1.2 would begin a renegotiation
        "16 0303 0005 1800000101", // KeyUpdate in the clear
        "17 0303 0000", // shorter than its tag
        "17 0303 0001 00",
        "17 0303 ffff", // longer than a record may be
        "17 0303 0014 0000000000000000000000000000000000000000", // not sealed
        "14 0303 0001 01", // change_cipher_spec, which the handshake alone may have
        "ff 0303 0001 00",
        "80 2e01 0002" // as SSL 2.0 begins
      })
  void recordThatIsNotOfTheSession_closesIt_andNothingOfItIsExecuted(String record)
      throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (FakeOrigin origin = counting(calls);
        ProxyUnderTest proxy = offering(origin).start();
        RawClient plain = proxy.connect();
        RawClient other = secure(proxy.connect(), certificates.client(null))) {
      RawClient secured = secure(plain, certificates.client(null));
      assertEquals(6, word(secured.ask(nfsNull(6)), 0));
      plain.sendIfOpen(HexFormat.of().parseHex(record.replace(" ", "")));
      plain.sendIfOpen(read(7), new byte[40_000]);
      plain.awaitClosed();
      assertEquals(8, word(other.ask(nfsNull(8)), 0));
      assertEquals(2, calls.get());
      eventually("it is gone", () -> proxy.connections() == 1);
    }
  }

  private static FakeOrigin counting(AtomicInteger calls) throws IOException {
    return FakeOrigin.start(
        connection -> {
          for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
            calls.incrementAndGet();
            connection.send(reply(word(call, 0)));
          }
        });
  }

  // To the bounds of calls nothing has come, and what has come is kept.
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16_000})
  void recordThatDoesNotEnd_isClosedInTheTimeOfACall_andThoseWhoAreQuietAreNot(int bytes)
      throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = offering(origin).limit("recordMillis", 1_000).start();
        RawClient plain = proxy.connect();
        RawClient quiet = secure(proxy.connect(), certificates.client(null))) {
      RawClient secured = secure(plain, certificates.client(null));
      assertEquals(6, word(secured.ask(nfsNull(6)), 0));
      assertEquals(7, word(quiet.ask(nfsNull(7)), 0));
      byte[] record = concat(new byte[] {23, 3, 3, 0x40, 0}, new byte[16_384]);
      plain.send(Arrays.copyOf(record, bytes));
      plain.awaitClosed();
      JsonObject info = new JsonObject(ask(proxy, "GET", "/info").body());
      assertEquals(1, info.getJsonObject("closes").getInteger("slowToSend"));
      assertEquals(8, word(quiet.ask(nfsNull(8)), 0));
    }
  }

  @Test
  void sessionByteByByte_onTheWire_isServed() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = offering(origin).start();
        DrippingRelay relay = new DrippingRelay(proxy.port());
        RawClient client = secure(RawClient.connect(relay.port()), certificates.client(null))) {
      assertEquals(6, word(client.ask(nfsNull(6)), 0));
      byte[] write = write(7, 5_000);
      assertArrayEquals(replyMessage(7, write), client.ask(record(write)));
    }
  }

  // ---- the handshake ----------------------------------------------------------------------------

  private static byte[] applicationData(byte[] body) {
    return concat(new byte[] {23, 3, 3, (byte) (body.length >> 8), (byte) body.length}, body);
  }

  // RFC 8446 section 4.2.10: what a client sends before the server has said anything can be sent
  // again by whoever has seen it. Java takes none; calls are not idempotent.
  @ParameterizedTest
  @ValueSource(strings = {"announced", "unannounced", "in the clear"})
  void earlyData_isNotExecuted_andOthersAreServed(String how) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (FakeOrigin origin = counting(calls);
        ProxyUnderTest proxy = offering(origin).start();
        RawClient other = proxy.connect();
        RawClient client = proxy.connect()) {
      assertArrayEquals(granted(99), client.ask(probe(99)));
      byte[] hello = ClientHellos.of(certificates.client(null));
      byte[] first =
          how.equals("announced") ? ClientHellos.with(hello, EARLY_DATA, new byte[0]) : hello;
      byte[] early = how.equals("in the clear") ? read(7) : applicationData(read(7));
      client.send(concat(first, early));
      client.socket().shutdownOutput();
      client.awaitClosed();
      assertEquals(8, word(other.ask(nfsNull(8)), 0));
      assertEquals(1, calls.get());
      eventually("none is under way", () -> underWay(proxy) == 0);
    }
  }

  // The test of the tests: without anything early the same bytes begin a handshake.
  @Test
  void hello_isAnswered_alsoWithAnExtensionThatNobodyKnows() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = offering(origin).start();
        RawClient client = proxy.connect()) {
      assertArrayEquals(granted(99), client.ask(probe(99)));
      byte[] hello = ClientHellos.of(certificates.client(null));
      client.send(ClientHellos.with(hello, 0xfafa, new byte[3]));
      assertEquals(22, client.bytes(1)[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void handshakeInPieces_acrossRecords_isTaken_orEndsIt(int pieces) throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = offering(origin).start();
        RawClient other = proxy.connect();
        RawClient client = proxy.connect()) {
      assertArrayEquals(granted(99), client.ask(probe(99)));
      byte[] hello = ClientHellos.of(certificates.client(null));
      int from = 5;
      for (int i = 0; i < pieces; i++) { // a byte in a record of its own
        client.send(new byte[] {22, 3, 1, 0, 1, hello[from++]});
      }
      int rest = hello.length - from;
      client.send(
          new byte[] {22, 3, 1, (byte) (rest >> 8), (byte) rest},
          Arrays.copyOfRange(hello, from, hello.length));
      int first = client.bytes(1)[0];
      assertTrue(first == 22 || first == 21, () -> "a record of type " + first);
      assertEquals(8, word(other.ask(nfsNull(8)), 0));
    }
  }

  // A client of TLS 1.3 may have its keys changed as often as it likes (RFC 8446 section 4.6.3).
  @Test
  void keysChangedAgainAndAgain_betweenCalls_areNoMatter() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = offering(origin).start();
        RawClient client = secure(proxy.connect(), certificates.client(null))) {
      for (int i = 1; i <= 200; i++) {
        ((SSLSocket) client.socket()).startHandshake();
        assertEquals(i, word(client.ask(nfsNull(i)), 0));
      }
    }
  }

  // ---- many -------------------------------------------------------------------------------------

  private static long usedBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  @Test
  void twoThousandHalfDoneHandshakes_areBoundedInMemory_andClientsAreServed() throws Exception {
    SSLContext context = certificates.client(null);
    byte[] hello = ClientHellos.of(context);
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .tls(certificates.tls("offer", "none").put("handshakeMillis", 60_000))
                .section("admin", new JsonObject().put("port", 0))
                .limit("connectionsPerClientMax", HALF_DONE)
                .limit("firstCallMillis", 120_000)
                .start();
        RawClient plain = proxy.connect();
        RawClient secured = secure(proxy.connect(), context)) {
      assertEquals(1, word(secured.ask(nfsNull(1)), 0));
      long before = usedBytes();
      List<RawClient> idle = new ArrayList<>();
      try {
        for (int i = 0; i < HALF_DONE; i++) {
          RawClient each = RawClient.connectFrom("127.0.1." + (1 + i % 40), proxy.port());
          idle.add(each);
          each.send(probe(i));
        }
        eventually("all that may are under way", () -> underWay(proxy) == HANDSHAKES_MAX);
        for (RawClient each : idle) {
          if (each.socket().getInputStream().available() > 0) {
            each.receive();
            each.send(hello);
          }
        }
        for (RawClient each : idle) {
          if (each.socket().getInputStream().available() > 0) {
            assertEquals(22, each.bytes(1)[0]);
          }
        }
        assertEquals(7, word(plain.ask(nfsNull(7)), 0));
        assertEquals(8, word(secured.ask(nfsNull(8)), 0));
        assertEquals(HANDSHAKES_MAX, underWay(proxy));
        long bytes = usedBytes() - before;
        System.out.println(
            HALF_DONE
                + " half-done handshakes, "
                + HANDSHAKES_MAX
                + " under way: "
                + bytes / 1024
                + " KiB");
        assertTrue(bytes < (long) HANDSHAKES_MAX * MIB / 4, () -> bytes + " bytes");
      } finally {
        for (RawClient each : idle) {
          each.reset();
        }
      }
      eventually("they are gone", () -> proxy.connections() == 2 && underWay(proxy) == 0);
      try (RawClient next = secure(proxy.connect(), context)) {
        assertEquals(9, word(next.ask(nfsNull(9)), 0));
      }
    }
  }

  // ---- rotation ---------------------------------------------------------------------------------

  @Test
  void certificateReplacedTwentyTimes_underLoad_isNoError() throws Exception {
    SSLContext context = certificates.client(null);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            offering(origin).section("reload", new JsonObject().put("scanMillis", 20)).start();
        RawClient before = secure(proxy.connect(), context)) {
      AtomicBoolean isOver = new AtomicBoolean();
      List<Future<Integer>> loads = new ArrayList<>();
      loads.add(threads.submit(() -> comeAndGo(proxy, context, isOver)));
      loads.add(threads.submit(() -> comeAndGo(proxy, context, isOver)));
      loads.add(threads.submit(() -> stay(before, isOver)));
      for (int i = 0; i < 20; i++) {
        String subject = "CN=proxy" + i;
        certificates.writeOf(certificates.server(subject));
        eventually(subject, () -> tlsOf(proxy).getString("certificate").equals(subject));
      }
      isOver.set(true);
      int calls = 0;
      for (Future<Integer> each : loads) {
        calls += each.get();
      }
      System.out.println(calls + " calls while the certificate was replaced 20 times");
      assertTrue(calls > 60, () -> "hardly any load");
      JsonObject handshakes = tlsOf(proxy).getJsonObject("handshakes");
      assertEquals(
          handshakes.stream().mapToInt(each -> (int) each.getValue()).sum(),
          handshakes.getInteger("ok"),
          handshakes::encode);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int comeAndGo(ProxyUnderTest proxy, SSLContext context, AtomicBoolean isOver)
      throws Exception {
    int calls = 0;
    while (!isOver.get()) {
      try (RawClient plain = proxy.connect()) {
        assertArrayEquals(granted(99), plain.ask(probe(99)));
        try (RawClient secured = shake(plain, context)) {
          assertEquals(calls, word(secured.ask(nfsNull(calls)), 0));
          calls++;
        }
      }
    }
    return calls;
  }

  private static int stay(RawClient client, AtomicBoolean isOver) throws IOException {
    int calls = 0;
    while (!isOver.get()) {
      assertEquals(calls, word(client.ask(nfsNull(calls)), 0));
      calls++;
    }
    return calls;
  }
}
