package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.AdminPages.ask;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.TlsClients.granted;
import static org.nfsproxy.server.fakes.TlsClients.probe;
import static org.nfsproxy.server.fakes.TlsClients.secure;
import static org.nfsproxy.server.fakes.TlsClients.shake;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.crumbs;
import static org.nfsproxy.server.fakes.Wire.mountNull;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.read;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.words;
import static org.nfsproxy.server.fakes.Wire.write;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.AnybodyTrusted;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.server.fakes.Wire;

// RPC-with-TLS towards clients, RFC 9289.
class ClientTlsTest {
  private static final int MIB = 1 << 20;
  private static final int ACCES = 13;

  /** An alert of two bytes, its kind, 16 bytes that Java pads it with, and the tag of AES-GCM. */
  private static final int CLOSE_NOTIFY_BYTES = 35;

  private static final byte[] TOOWEAK = words(7, 1, 1, 1, 5);
  private static final byte[] BADCRED = words(7, 1, 1, 1, 1);

  @TempDir private Path folder;
  private TestCertificates certificates;

  @BeforeEach
  void makeCertificates() throws Exception {
    certificates = TestCertificates.in(folder);
  }

  private ProxyUnderTest.Settings offering(FakeOrigin origin, String clients) {
    return with(origin, certificates.tls("offer", clients));
  }

  private static ProxyUnderTest.Settings with(FakeOrigin origin, JsonObject tls) {
    return ProxyUnderTest.before(origin).tls(tls).section("admin", new JsonObject().put("port", 0));
  }

  private static ProxyUnderTest.Settings ruled(
      ProxyUnderTest.Settings settings, String key, String... values) {
    return settings.section(
        "exports",
        new JsonObject()
            .put(
                "parameters",
                new JsonObject()
                    .put("squash", "none")
                    .put("security", new JsonArray().add("none").add("sys"))
                    .put(key, new JsonArray(List.of(values)))));
  }

  private static FakeOrigin echoing() throws IOException {
    return FakeOrigin.start(FakeOriginConnection::echo);
  }

  private RawClient secured(ProxyUnderTest proxy, X509Bundle own) throws Exception {
    return secure(proxy.connect(), certificates.client(own));
  }

  private static JsonObject tlsOf(ProxyUnderTest proxy) throws IOException {
    return new JsonObject(ask(proxy, "GET", "/info").body()).getJsonObject("tls");
  }

  private static int handshakes(ProxyUnderTest proxy, String outcome) {
    try {
      return tlsOf(proxy).getJsonObject("handshakes").getInteger(outcome);
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  private static int closes(ProxyUnderTest proxy, String reason) throws IOException {
    JsonObject info = new JsonObject(ask(proxy, "GET", "/info").body());
    return info.getJsonObject("closes").getInteger(reason);
  }

  private static JsonObject onlyClient(ProxyUnderTest proxy) throws IOException {
    JsonArray clients = new JsonArray(ask(proxy, "GET", "/clients").body());
    assertEquals(1, clients.size());
    return clients.getJsonObject(0);
  }

  // ---- the probe --------------------------------------------------------------------------------

  @Test
  void callsPass_insideTls_andWithout() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient plain = proxy.connect();
        RawClient secured = secured(proxy, null)) {
      assertEquals(1, word(plain.ask(nfsNull(1)), 0));
      assertEquals(2, word(secured.ask(nfsNull(2)), 0));
      assertEquals(3, word(secured.ask(read(3)), 0));
      JsonArray clients = new JsonArray(ask(proxy, "GET", "/clients").body());
      List<String> transports = new ArrayList<>();
      clients.forEach(each -> transports.add(((JsonObject) each).getString("transport")));
      transports.sort(null);
      assertEquals(List.of("none", "tls"), transports);
      assertEquals(
          new JsonObject().put("none", 1).put("tls", 1).put("mtls", 0),
          tlsOf(proxy).getJsonObject("connections"));
      String metrics = ask(proxy, "GET", "/metrics").body();
      assertTrue(metrics.contains("nfs_proxy_transport_connections{transport=\"tls\"} 1"), metrics);
      assertTrue(metrics.contains("nfs_proxy_tls_handshakes_total{outcome=\"ok\"} 1"), metrics);
      assertTrue(metrics.contains("nfs_proxy_certificate_expiry_timestamp_seconds "), metrics);
    }
  }

  @Test
  void probe_byteByByte_isTaken_andSoIsAnotherCall() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient dripping = proxy.connect();
        RawClient plain = proxy.connect()) {
      dripping.drip(probe(5));
      assertArrayEquals(granted(5), dripping.receive());
      try (RawClient secured = shake(dripping, certificates.client(null))) {
        assertEquals(6, word(secured.ask(nfsNull(6)), 0));
      }
      plain.drip(concat(nfsNull(7), nfsNull(8)));
      assertEquals(7, word(plain.receive(), 0));
      assertEquals(8, word(plain.receive(), 0));
    }
  }

  // Whoever sits on the way may put something behind the probe; the client would take it for its
  // own.
  @Test
  void callBehindTheProbe_inTheClear_isNotExecuted() throws Exception {
    LinkedBlockingQueue<byte[]> executed = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  for (byte[] call = connection.receive();
                      call != null;
                      call = connection.receive()) {
                    executed.add(call);
                    connection.send(reply(word(call, 0)));
                  }
                });
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient client = proxy.connect()) {
      client.send(probe(5), read(6), read(7));
      byte[] all = client.awaitClosed();
      assertArrayEquals(record(granted(5)), Arrays.copyOf(all, record(granted(5)).length));
      eventually("it is told", () -> handshakes(proxy, "protocol") == 1);
      assertTrue(executed.isEmpty());
      assertEquals(1, closes(proxy, "tlsFailed"));
    }
  }

  @Test
  void handshakeBehindTheProbe_inOneSegment_isTaken() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        EagerRelay relay = new EagerRelay(proxy.port(), probe(99));
        RawClient client = RawClient.connect(relay.port())) {
      try (RawClient secured = shake(client, certificates.client(null))) {
        assertEquals(6, word(secured.ask(nfsNull(6)), 0));
      }
    }
  }

  @Test
  void probeBehindACall_isDenied_andTheConnectionGoesOn() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      assertArrayEquals(TOOWEAK, client.ask(probe(7)));
      assertEquals(2, word(client.ask(nfsNull(2)), 0));
    }
  }

  // RFC 9289 section 4.1 says BADCRED for both.
  @Test
  void probeInsideTls_andAuthTlsElsewhere_areDenied_andTheConnectionGoesOn() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient client = secured(proxy, null)) {
      assertArrayEquals(BADCRED, client.ask(probe(7)));
      byte[] other = record(Wire.call(7, Wire.NFS, 3, 1, 7, new byte[0], none -> {}));
      assertArrayEquals(BADCRED, client.ask(other));
      assertEquals(2, word(client.ask(nfsNull(2)), 0));
    }
  }

  @Test
  void probeInFragments_orOfNoProgram_orWithACredential_isDenied() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start()) {
      List<byte[]> probes =
          List.of(
              crumbs(Wire.call(7, Wire.NFS, 4, 0, 7, new byte[0], none -> {})),
              record(Wire.call(7, 400_000, 4, 0, 7, new byte[0], none -> {})),
              record(Wire.call(7, Wire.NFS, 4, 0, 7, new byte[4], none -> {})));
      for (byte[] each : probes) {
        try (RawClient client = proxy.connect()) {
          assertArrayEquals(TOOWEAK, client.ask(each));
          assertEquals(2, word(client.ask(nfsNull(2)), 0));
        }
      }
    }
  }

  // A client that has other versions asks by one of them: so does this proxy before an NFSv3
  // origin.
  @ParameterizedTest
  @ValueSource(strings = {"offer", "require"})
  void probeOfAVersionThatIsNotServed_isToldWhichAre(String mode) throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = with(origin, certificates.tls(mode, "none")).start();
        RawClient client = proxy.connect()) {
      byte[] answer = client.ask(record(Wire.call(7, Wire.NFS, 9, 0, 7, new byte[0], none -> {})));
      assertArrayEquals(words(7, 1, 0, 0, 0, 2, 2, 4), answer);
      assertEquals(2, word(client.ask(nfsNull(2)), 0));
    }
  }

  // A Linux client whose handshake fails fails its calls with EACCES, on a hard mount too.
  @Test
  void drainDuringAHandshake_waitsForItsEnd() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient client = proxy.connect()) {
      client.ask(probe(99));
      assertEquals("{\"shed\":1}", ask(proxy, "POST", "/rebalance?share=1").body());
      assertTrue(client.isQuiet(300), "it is closed in its handshake");
      try (RawClient secured = shake(client, certificates.client(null))) {
        assertEquals(0, secured.awaitClosed().length);
      }
      assertEquals(1, handshakes(proxy, "ok"));
      assertEquals(1, closes(proxy, "drained"));
    }
  }

  @Test
  void probeOnlyBegun_isClosedAsAnyFirstCall() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").limit("firstCallMillis", 300).start();
        RawClient client = proxy.connect()) {
      client.send(Arrays.copyOf(probe(5), 20));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void headerOfABalancer_comesBeforeTls() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").balancers(5_000, "127.0.0.1").start();
        RawClient client = RawClient.connect(proxy.balancerPort())) {
      String header = "PROXY TCP4 10.1.2.3 10.1.2.4 700 2049\r\n";
      client.send(header.getBytes(StandardCharsets.US_ASCII), probe(5));
      assertArrayEquals(granted(5), client.receive());
      try (RawClient secured = shake(client, certificates.client(null))) {
        assertEquals(6, word(secured.ask(nfsNull(6)), 0));
        assertEquals("10.1.2.3", onlyClient(proxy).getString("address"));
        assertEquals("tls", onlyClient(proxy).getString("transport"));
      }
    }
  }

  // ---- bytes inside TLS -------------------------------------------------------------------------

  @Test
  void largeRecords_bothWays_areTheSame() throws Exception {
    byte[] results = new byte[3 * MIB];
    new Random(1).nextBytes(results);
    byte[] write = write(8, 2 * MIB);
    LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  for (byte[] call = connection.receive();
                      call != null;
                      call = connection.receive()) {
                    received.add(call);
                    connection.send(reply(word(call, 0), results));
                  }
                });
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient client = secured(proxy, null)) {
      for (int i = 0; i < 4; i++) {
        assertArrayEquals(Wire.replyMessage(8, results), client.ask(record(write)));
        assertArrayEquals(write, received.take());
      }
    }
  }

  // A long WRITE goes on while it comes, and a client that waits for the origin's word on its
  // beginning would wait forever otherwise.
  @Test
  void longWrite_leavesBeforeItsEnd() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.bytes(4);
                  byte[] start = connection.bytes(200_000);
                  begun.countDown();
                  connection.bytes(MIB - start.length);
                  connection.send(reply(8));
                  connection.beSilent();
                });
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient client = secured(proxy, null)) {
      byte[] write = record(write(8, MIB));
      client.send(Arrays.copyOf(write, 600_000));
      Eventually.await(begun);
      client.send(Arrays.copyOfRange(write, 600_000, write.length));
      assertArrayEquals(Wire.replyMessage(8), client.receive());
    }
  }

  @Test
  void recordsOfOneByte_areReadAsAnyOther() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient client = secured(proxy, null)) {
      client.drip(nfsNull(4));
      assertEquals(4, word(client.receive(), 0));
      client.drip(record(write(5, 400)));
      assertEquals(5, word(client.receive(), 0));
    }
  }

  @Test
  void clientThatDoesNotRead_holdsLittle_andIsClosedForTheStall() throws Exception {
    byte[] results = new byte[MIB];
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  for (byte[] call = connection.receive();
                      call != null;
                      call = connection.receive()) {
                    connection.send(reply(word(call, 0), results));
                  }
                });
        ProxyUnderTest proxy = offering(origin, "none").limit("stallMillis", 1_000).start();
        RawClient other = proxy.connect();
        RawClient client =
            secure(RawClient.connect(proxy.port(), 64 * 1024), certificates.client(null))) {
      for (int i = 0; i < 64; i++) {
        client.send(read(i + 1));
      }
      assertEquals(7, word(other.ask(nfsNull(7)), 0));
      eventually("it is closed", () -> proxy.connections() == 1);
      assertEquals(1, closes(proxy, "slowToRead"));
    }
  }

  // ---- ends -------------------------------------------------------------------------------------

  @Test
  void clientThatSaysItsEnd_getsTheRepliesItIsOwed_andThenOurs() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  Eventually.await(go);
                  connection.send(reply(word(call, 0), new byte[MIB]));
                  connection.beSilent();
                });
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient client = secured(proxy, null)) {
      client.send(read(7));
      client.socket().shutdownOutput(); // close_notify, and of TLS 1.3 this side alone
      go.countDown();
      assertEquals(reply(7, new byte[MIB]).length, client.awaitClosed().length);
      eventually("it is gone", () -> proxy.connections() == 0);
    }
  }

  @Test
  void drain_endsWithCloseNotify_behindTheLastReply() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  asked.countDown();
                  Eventually.await(go);
                  connection.send(reply(word(call, 0), new byte[MIB]));
                  connection.beSilent();
                });
        ProxyUnderTest proxy =
            offering(origin, "none")
                .limit("drainMillis", 20_000)
                .section("drain", new JsonObject().put("spreadMillis", 0))
                .start();
        EagerRelay relay = new EagerRelay(proxy.port(), probe(99));
        RawClient plain = RawClient.connect(relay.port());
        RawClient client = shake(plain, certificates.client(null))) {
      client.send(read(7));
      Eventually.await(asked);
      assertEquals(202, ask(proxy, "POST", "/drain").status());
      go.countDown();
      assertEquals(Wire.replyMessage(7, new byte[MIB]).length, client.receive().length);
      assertNull(client.receive());
      assertEquals(CLOSE_NOTIFY_BYTES, relay.lastRecordBytes());
      client.close();
      eventually("it is gone", () -> proxy.connections() == 0);
      assertEquals(1, closes(proxy, "drained"));
    }
  }

  @Test
  void garbageInsteadOfCiphertext_closesIt_andTheOriginSeesNothing() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient plain = proxy.connect();
        RawClient other = proxy.connect()) {
      RawClient secured = secure(plain, certificates.client(null));
      assertEquals(6, word(secured.ask(nfsNull(6)), 0));
      plain.send(read(7));
      plain.awaitClosed();
      assertEquals(7, word(other.ask(nfsNull(7)), 0));
    }
  }

  // ---- who may
  // -----------------------------------------------------------------------------------

  @Test
  void require_refusesNfsWithoutTls_butNotNullNorMount() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = with(origin, certificates.tls("require", "none")).start();
        RawClient plain = proxy.connect();
        RawClient secured = secured(proxy, null)) {
      assertEquals(1, word(plain.ask(nfsNull(1)), 0));
      assertEquals(2, word(plain.ask(mountNull(2)), 0));
      assertArrayEquals(TOOWEAK, plain.ask(read(7)));
      byte[] sealed = record(Wire.call(7, Wire.NFS, 3, 1, 6, words(1, 0, 1, 1, 0), none -> {}));
      assertArrayEquals(TOOWEAK, plain.ask(sealed));
      assertEquals(3, word(secured.ask(read(3)), 6));
    }
  }

  @Test
  void ruleOfTransport_isAskedOfEachCall() throws Exception {
    X509Bundle own = certificates.issued("CN=client", each -> each);
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = ruled(offering(origin, "ask"), "transport", "mtls").start();
        RawClient plain = proxy.connect();
        RawClient secured = secured(proxy, null);
        RawClient mutual = secured(proxy, own)) {
      assertEquals(ACCES, word(plain.ask(read(1)), 6));
      assertEquals(ACCES, word(secured.ask(read(2)), 6));
      assertEquals(3, word(mutual.ask(read(3)), 6));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*.farm.example.com", "A7.farm.example.com", "10.1.2.3", "CN=a7,O=Example"})
  void certificateWithTheName_passes_anotherDoesNot(String name) throws Exception {
    X509Bundle own =
        certificates.issued(
            "CN=a7,O=Example",
            each -> each.addSanDnsName("a7.farm.example.com").addSanIpAddress("10.1.2.3"));
    X509Bundle other =
        certificates.issued(
            "CN=a8,O=Example", each -> each.addSanDnsName("a8.farm.example.com.evil.example"));
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = ruled(offering(origin, "ask"), "certificates", name).start();
        RawClient with = secured(proxy, own);
        RawClient without = secured(proxy, null);
        RawClient wrong = secured(proxy, other)) {
      assertEquals(1, word(with.ask(read(1)), 6));
      assertEquals(ACCES, word(without.ask(read(2)), 6));
      assertEquals(ACCES, word(wrong.ask(read(3)), 6));
      JsonArray rules = new JsonArray(ask(proxy, "GET", "/rules").body());
      assertTrue(rules.encode().contains("certificates"), rules.encode());
    }
  }

  @Test
  void certificatesName_isOnThePageOfClients() throws Exception {
    X509Bundle own =
        certificates.issued("CN=client", each -> each.addSanDnsName("Render7.example.com"));
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "require").start();
        RawClient client = secured(proxy, own)) {
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      assertEquals("render7.example.com", onlyClient(proxy).getString("certificate"));
      assertEquals("mtls", onlyClient(proxy).getString("transport"));
    }
  }

  // A client that keeps the ticket it was given (RFC 8446 section 4.6.1); Linux's does not.
  @Test
  void sessionTakenUpAgain_costsNoCertificate_andIsStillThatClients() throws Exception {
    X509Bundle own =
        certificates.issued("CN=client", each -> each.addSanDnsName("render7.example.com"));
    List<String> shown = new ArrayList<>();
    SSLContext same = TestCertificates.client(own, new AnybodyTrusted(List.of(), shown));
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "require").start()) {
      for (int i = 1; i <= 3; i++) {
        try (RawClient client = secure(proxy.connect(), same)) {
          assertEquals(i, word(client.ask(nfsNull(i)), 0)); // its ticket came before the reply
          eventually("the one before has gone", () -> clientsOf(proxy) == 1);
          assertEquals("render7.example.com", onlyClient(proxy).getString("certificate"));
          assertEquals("mtls", onlyClient(proxy).getString("transport"));
        }
      }
      assertEquals(List.of("CN=proxy"), shown, "handshakes in which a certificate was shown");
    }
  }

  private static int clientsOf(ProxyUnderTest proxy) {
    try {
      return new JsonArray(ask(proxy, "GET", "/clients").body()).size();
    } catch (IOException gone) {
      return -1;
    }
  }

  private void assertNoService(ProxyUnderTest proxy, X509Bundle own, String outcome)
      throws Exception {
    assertThrows(
        IOException.class,
        () -> {
          try (RawClient client = secured(proxy, own)) {
            if (client.ask(nfsNull(1)) == null) {
              throw new IOException("it ended");
            }
          }
        });
    eventually(outcome, () -> handshakes(proxy, outcome) == 1);
    eventually("it is gone", () -> proxy.connections() == 0);
  }

  @Test
  void clientWithoutACertificate_isRefused_whereOneIsRequired() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "require").start()) {
      assertNoService(proxy, null, "no_certificate");
      assertEquals(0, origin.accepted());
    }
  }

  @Test
  void certificateOfAStranger_isRefused_alsoWhereNoneIsRequired() throws Exception {
    X509Bundle stranger = certificates.stranger().issued("CN=client", each -> each);
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "ask").start()) {
      assertNoService(proxy, stranger, "bad_certificate");
      assertEquals(0, origin.accepted());
    }
  }

  @Test
  void certificateThatHasExpired_isRefused() throws Exception {
    Instant now = Instant.now();
    X509Bundle old =
        certificates.issued("CN=client", each -> each.notAfter(now.minus(Duration.ofDays(1))));
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "require").start()) {
      assertNoService(proxy, old, "bad_certificate");
    }
  }

  @Test
  void certificateThatIsForServers_isRefused() throws Exception {
    X509Bundle server =
        certificates.issued("CN=client", each -> each.addExtendedKeyUsageServerAuth());
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "require").start()) {
      assertNoService(proxy, server, "bad_certificate");
    }
  }

  // ---- handshakes that go wrong
  // -------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "h2"})
  void olderTls_andOtherApplications_areRefused(String what) throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient plain = proxy.connect()) {
      assertArrayEquals(granted(99), plain.ask(probe(99)));
      SSLSocket socket =
          (SSLSocket)
              certificates
                  .client(null)
                  .getSocketFactory()
                  .createSocket(plain.socket(), "127.0.0.1", proxy.port(), true);
      if (what.equals("h2")) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {what});
        socket.setSSLParameters(parameters);
      } else {
        socket.setEnabledProtocols(new String[] {what});
      }
      assertThrows(IOException.class, socket::startHandshake);
      eventually("it is counted", () -> handshakes(proxy, "protocol") == 1);
      eventually("it is gone", () -> proxy.connections() == 0);
    }
  }

  @Test
  void sunrpc_isAgreedOn_whereTheClientNamesIt() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = offering(origin, "none").start();
        RawClient plain = proxy.connect()) {
      assertArrayEquals(granted(99), plain.ask(probe(99)));
      SSLSocket socket =
          (SSLSocket)
              certificates
                  .client(null)
                  .getSocketFactory()
                  .createSocket(plain.socket(), "127.0.0.1", proxy.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"sunrpc"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertEquals("sunrpc", socket.getApplicationProtocol());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "garbage", "heartbeat", "drip", "end"})
  void handshakeThatLeadsNowhere_isClosedInTime_andOthersAreServed(String how) throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy =
            with(origin, certificates.tls("offer", "none").put("handshakeMillis", 500)).start();
        RawClient other = proxy.connect();
        RawClient client = proxy.connect()) {
      assertArrayEquals(granted(99), client.ask(probe(99)));
      switch (how) {
        case "garbage" -> client.send(new byte[5000]);
        case "heartbeat" -> client.send(new byte[] {24, 3, 3, 0, 3, 1, 0x40, 0});
        case "drip" -> client.drip(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, 0xf});
        case "end" -> client.socket().shutdownOutput();
        default -> {}
      }
      client.awaitClosed();
      eventually("it is gone", () -> proxy.connections() == 1);
      eventually("none is under way", () -> underWay(proxy) == 0);
      assertEquals(7, word(other.ask(nfsNull(7)), 0));
    }
  }

  private static int underWay(ProxyUnderTest proxy) {
    try {
      return tlsOf(proxy).getInteger("handshakesUnderWay");
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  @Test
  void probeWithoutRoom_waits_andIsGrantedWhenThereIsSome() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy =
            with(origin, certificates.tls("offer", "none").put("handshakesPerClientMax", 1))
                .start();
        RawClient first = proxy.connect();
        RawClient second = proxy.connect()) {
      assertArrayEquals(granted(99), first.ask(probe(99)));
      second.send(probe(99));
      assertTrue(second.isQuiet(300));
      try (RawClient done = shake(first, certificates.client(null))) {
        assertArrayEquals(granted(99), second.receive());
        try (RawClient also = shake(second, certificates.client(null))) {
          assertEquals(1, word(done.ask(nfsNull(1)), 0));
          assertEquals(2, word(also.ask(nfsNull(2)), 0));
        }
      }
    }
  }

  @Test
  void halfDoneHandshakes_areBounded_andDoNotKeepOthersWaiting() throws Exception {
    int many = 300;
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy =
            with(origin, certificates.tls("offer", "none").put("handshakesPerClientMax", 20))
                .start();
        RawClient plain = proxy.connect()) {
      List<RawClient> idle = new ArrayList<>();
      try {
        for (int i = 0; i < many; i++) {
          RawClient each = RawClient.connectFrom("127.0.0.9", proxy.port());
          idle.add(each);
          each.send(probe(i));
        }
        eventually("all that may are under way", () -> underWay(proxy) == 20);
        assertEquals(7, word(plain.ask(nfsNull(7)), 0));
        try (RawClient secured = secured(proxy, null)) {
          assertEquals(8, word(secured.ask(nfsNull(8)), 0));
        }
        assertEquals(20, underWay(proxy));
      } finally {
        for (RawClient each : idle) {
          each.reset();
        }
      }
      eventually("they are gone", () -> proxy.connections() == 1 && underWay(proxy) == 0);
    }
  }

  // ---- certificates that change
  // -------------------------------------------------------------------

  private static String shown(RawClient secured) throws IOException {
    X509Certificate own =
        (X509Certificate) ((SSLSocket) secured.socket()).getSession().getPeerCertificates()[0];
    return own.getSubjectX500Principal().getName();
  }

  @Test
  void replacedCertificate_isShownToNewClients_andTheOthersGoOn() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy =
            offering(origin, "none")
                .section("reload", new JsonObject().put("scanMillis", 20))
                .start();
        RawClient before = secured(proxy, null)) {
      assertEquals("CN=proxy", shown(before));
      certificates.writeOf(certificates.server("CN=newer"));
      eventually("it is read", () -> subject(proxy).equals("CN=newer"));
      TestCertificates.replace(certificates.key(), "-----BEGIN NONSENSE-----");
      try (RawClient after = secured(proxy, null)) {
        assertEquals("CN=newer", shown(after));
        assertEquals(2, word(after.ask(nfsNull(2)), 0));
      }
      assertEquals(1, word(before.ask(nfsNull(1)), 0));
      assertFalse(before.socket().isClosed());
    }
  }

  private static String subject(ProxyUnderTest proxy) {
    try {
      return tlsOf(proxy).getString("certificate");
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }
}
