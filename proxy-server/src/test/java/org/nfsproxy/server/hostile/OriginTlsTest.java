package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.AdminPages.ask;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.TlsClients.granted;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.nfs.tls.OriginTls;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ForwardingBackend;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.server.fakes.TlsClients;
import org.nfsproxy.server.fakes.TlsOrigin;
import org.nfsproxy.server.fakes.Wire;

// RPC-with-TLS towards the origin, RFC 9289. The proxy asks nothing of its own here: each
// connection to the origin is a client's.
class OriginTlsTest {
  private static final int MIB = 1 << 20;
  private static final int AUTH_TLS = 7;

  @TempDir private Path folder;
  private TestCertificates certificates;
  private SSLContext server;

  /** What came to an origin in the clear, beside the question for TLS. */
  private final LinkedBlockingQueue<byte[]> inTheClear = new LinkedBlockingQueue<>();

  @BeforeEach
  void makeCertificates() throws Exception {
    certificates = TestCertificates.in(folder);
    server = certificates.origin(certificates.server("CN=origin"));
  }

  private ProxyUnderTest.Settings before(int port, JsonObject tls) {
    return ProxyUnderTest.before(port)
        .origin("tls", tls)
        .origin("waitMillis", 1_500)
        .section("admin", new JsonObject().put("port", 0));
  }

  private ProxyUnderTest.Settings before(FakeOrigin origin, JsonObject tls) {
    return before(origin.port(), tls);
  }

  private ProxyUnderTest.Settings requiring(FakeOrigin origin) {
    return before(origin, certificates.towardsOrigin("require"));
  }

  private FakeOrigin echoing() throws IOException {
    return FakeOrigin.start(connection -> TlsOrigin.secured(connection, server).echo());
  }

  private static JsonObject info(ProxyUnderTest proxy) {
    try {
      return new JsonObject(ask(proxy, "GET", "/info").body());
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  private static JsonObject tlsOf(ProxyUnderTest proxy) {
    return info(proxy).getJsonObject("originTls");
  }

  private static int handshakes(ProxyUnderTest proxy, String outcome) {
    return tlsOf(proxy).getJsonObject("handshakes").getInteger(outcome);
  }

  private static int connections(ProxyUnderTest proxy, String transport) {
    return tlsOf(proxy).getJsonObject("connections").getInteger(transport);
  }

  /** A client is not served, and everybody who looks learns why. */
  private void assertOutage(ProxyUnderTest proxy, String outcome, String words) throws Exception {
    try (LogLines log = tlsLines();
        RawClient client = proxy.connect()) {
      client.send(read(7));
      assertEquals(0, client.awaitClosed().length);
      assertTrue(handshakes(proxy, outcome) > 0, () -> tlsOf(proxy).encode());
      JsonObject reachability = info(proxy).getJsonObject("reachability");
      assertEquals("silent", reachability.getString("state"));
      assertTrue(reachability.getString("lastError").contains(words), reachability::encode);
      long told = log.lines().stream().filter(each -> each.contains(words)).count();
      assertEquals(1, told, () -> log.lines().toString());
      assertTrue(log.lines().toString().contains("Cure: "), () -> log.lines().toString());
      String metrics = ask(proxy, "GET", "/metrics").body();
      assertFalse(
          metrics.contains("origin_tls_handshakes_total{outcome=\"" + outcome + "\"} 0"), metrics);
      assertEquals(0, connections(proxy, "none"));
      assertTrue(inTheClear.isEmpty(), "a call has left in the clear");
    }
  }

  private static LogLines tlsLines() {
    return LogLines.of(OriginTls.class);
  }

  // ---- served -----------------------------------------------------------------------------------

  @Test
  void calls_ofBothVersions_passInsideTls() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = requiring(origin).start();
        RawClient client = proxy.connect()) {
      byte[] call = read(3);
      assertArrayEquals(Wire.replyMessage(3, message(call)), client.ask(call));
      byte[] exchange = record(Wire.call(4, Wire.NFS, 4, 0, none -> {}));
      assertEquals(4, word(client.ask(exchange), 0));
      assertEquals(1, connections(proxy, "tls"));
      assertEquals(1, handshakes(proxy, "ok"));
      JsonObject shown =
          tlsOf(proxy).getJsonObject("servers").getJsonObject("127.0.0.1 port " + origin.port());
      assertEquals("CN=origin", shown.getString("subject"));
      assertEquals("CN=test CA", shown.getString("issuer"));
      assertEquals(new JsonArray().add("127.0.0.1"), shown.getJsonArray("names"));
      assertFalse(tlsOf(proxy).getBoolean("mayBeStripped"));
      String metrics = ask(proxy, "GET", "/metrics").body();
      assertTrue(metrics.contains("nfs_proxy_origin_transport_connections{transport=\"tls\"} 1"));
      assertTrue(metrics.contains("nfs_proxy_origin_certificate_expiry_timestamp_seconds{"));
      client.close();
      eventually("it is counted out", () -> connections(proxy, "tls") == 0);
    }
  }

  private static byte[] message(byte[] record) {
    byte[] message = new byte[record.length - 4];
    System.arraycopy(record, 4, message, 0, message.length);
    return message;
  }

  @Test
  void modeOff_asksForNothing() throws Exception {
    LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  received.add(connection.receive());
                  connection.send(reply(3));
                  connection.beSilent();
                });
        ProxyUnderTest proxy = before(origin, new JsonObject().put("mode", "off")).start();
        RawClient client = proxy.connect()) {
      client.ask(read(3));
      assertArrayEquals(message(read(3)), received.take());
      assertNull(info(proxy).getJsonObject("originTls"));
    }
  }

  @Test
  void largeCallsAndReplies_throughBothLegs_areTheSame() throws Exception {
    byte[] results = new byte[MIB];
    new Random(1).nextBytes(results);
    byte[] write = write(8, MIB);
    LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  FakeOriginConnection inside = TlsOrigin.secured(plain, server);
                  for (byte[] call = inside.receive(); call != null; call = inside.receive()) {
                    received.add(call);
                    inside.send(reply(word(call, 0), results));
                  }
                });
        ProxyUnderTest proxy = requiring(origin).tls(certificates.tls("offer", "none")).start();
        RawClient client = TlsClients.secure(proxy.connect(), certificates.client(null))) {
      for (int i = 0; i < 4; i++) {
        assertArrayEquals(Wire.replyMessage(8, results), client.ask(record(write)));
        assertArrayEquals(write, received.take());
      }
    }
  }

  // The origin waits for the beginning of a WRITE, the client sends its end only then.
  @Test
  void longWrite_leavesBeforeItsEnd_andALongReplyToo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  FakeOriginConnection inside = TlsOrigin.secured(plain, server);
                  inside.send(reply(word(inside.receive(), 0)));
                  inside.bytes(4);
                  byte[] start = inside.bytes(200_000);
                  begun.countDown();
                  inside.bytes(MIB - start.length);
                  byte[] reply = reply(8, new byte[MIB]);
                  inside.send(Arrays.copyOf(reply, 300_000));
                  Eventually.await(seen);
                  inside.send(Arrays.copyOfRange(reply, 300_000, reply.length));
                  inside.beSilent();
                });
        ProxyUnderTest proxy = requiring(origin).start();
        RawClient client = proxy.connect()) {
      client.ask(nfsNull(1));
      byte[] write = record(write(8, MIB));
      client.send(Arrays.copyOf(write, 600_000));
      Eventually.await(begun);
      client.send(Arrays.copyOfRange(write, 600_000, write.length));
      client.bytes(100_000);
      seen.countDown();
      client.bytes(reply(8, new byte[MIB]).length - 100_000);
    }
  }

  @Test
  void origin_thatSendsByteByByte_isUnderstood() throws Exception {
    try (FakeOrigin origin = echoing();
        DripRelay relay = new DripRelay(origin.port());
        ProxyUnderTest proxy = before(relay.port(), certificates.towardsOrigin("require")).start();
        RawClient client = proxy.connect()) {
      for (int i = 1; i < 4; i++) {
        assertEquals(i, word(client.ask(read(i)), 0));
      }
    }
  }

  @Test
  void manyClients_atOnce_areAllServed_inTheirTurn() throws Exception {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    JsonObject tls = certificates.towardsOrigin("require").put("handshakesMax", 2);
    List<RawClient> clients = new ArrayList<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  TlsOrigin.grant(plain);
                  most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                  FakeOriginConnection inside = TlsOrigin.shake(plain, server, none -> {});
                  underWay.decrementAndGet();
                  TlsOrigin.confirmed(inside).echo();
                });
        ProxyUnderTest proxy = before(origin, tls).origin("waitMillis", 20_000).start()) {
      for (int i = 0; i < 24; i++) {
        RawClient client = proxy.connect();
        clients.add(client);
        client.send(read(i + 1));
      }
      for (int i = 0; i < clients.size(); i++) {
        assertEquals(i + 1, word(clients.get(i).receive(), 0));
      }
      assertTrue(most.get() <= 2, () -> most + " at once");
      assertEquals(24, handshakes(proxy, "ok"));
      assertEquals(0, tlsOf(proxy).getInteger("handshakesUnderWay"));
      for (RawClient each : clients) {
        each.close();
      }
    }
  }

  @Test
  void secondConnection_takesTheSessionUpAgain() throws Exception {
    CountedKey key = CountedKey.of(certificates.server("CN=origin"));
    SSLContext counted = certificates.origin(key);
    try (FakeOrigin origin =
            FakeOrigin.start(connection -> TlsOrigin.secured(connection, counted).echo());
        ProxyUnderTest proxy = requiring(origin).start()) {
      for (int i = 1; i <= 3; i++) {
        try (RawClient client = proxy.connect()) {
          assertEquals(i, word(client.ask(read(i)), 0));
        }
      }
      assertEquals(3, handshakes(proxy, "ok"));
      assertEquals(1, key.uses(), "handshakes in which the certificate was shown");
    }
  }

  @Test
  void ownCertificate_isShownToAnOriginThatWantsOne() throws Exception {
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  FakeOriginConnection inside = TlsOrigin.mutual(plain, server);
                  seen.add(((SSLSocket) inside.socket()).getSession().getPeerPrincipal().getName());
                  inside.echo();
                });
        ProxyUnderTest proxy =
            before(origin, certificates.towardsOriginWithOwn("require")).start();
        RawClient client = proxy.connect()) {
      assertEquals(3, word(client.ask(read(3)), 0));
      assertEquals("CN=proxy", seen.take());
      assertEquals("CN=proxy", tlsOf(proxy).getJsonObject("certificate").getString("subject"));
    }
  }

  @Test
  void nameOfTheCertificate_mayBeConfigured_andIsAskedFor() throws Exception {
    X509Bundle named = certificates.issued("CN=x", each -> each.addSanDnsName("nfs.example.com"));
    SSLContext other = certificates.origin(named);
    JsonObject tls = certificates.towardsOrigin("require").put("name", "nfs.example.com");
    LinkedBlockingQueue<Object> asked = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  FakeOriginConnection inside =
                      TlsOrigin.begun(
                          plain,
                          other,
                          socket ->
                              socket.setHandshakeApplicationProtocolSelector(
                                  (made, offered) -> {
                                    asked.add(offered);
                                    return "sunrpc";
                                  }));
                  asked.add(
                      ((ExtendedSSLSession) ((SSLSocket) inside.socket()).getSession())
                          .getRequestedServerNames()
                          .toString());
                  TlsOrigin.confirmed(inside).echo();
                });
        ProxyUnderTest proxy = before(origin, tls).start();
        RawClient client = proxy.connect()) {
      assertEquals(3, word(client.ask(read(3)), 0));
      assertEquals(List.of("sunrpc"), asked.take());
      assertTrue(asked.take().toString().contains("nfs.example.com"));
    }
  }

  // MOUNT of a Linux server has no TLS, also beside NFS that has.
  @Test
  void mountAtAPortOfItsOwn_staysInTheClear() throws Exception {
    try (FakeOrigin origin = echoing();
        FakeOrigin mount = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = requiring(origin).mount(mount).start();
        RawClient client = proxy.connect()) {
      assertEquals(5, word(client.ask(mountNull(5)), 0));
      assertEquals(6, word(client.ask(read(6)), 0));
      assertEquals(1, connections(proxy, "tls"));
    }
  }

  // ---- an origin that is not who it should be, or does not speak as it should -------------------

  private void assertRefused(SSLContext context, String outcome, String words) throws Exception {
    assertRefused(context, none -> {}, outcome, words);
  }

  private void assertRefused(
      SSLContext context, Consumer<SSLSocket> settings, String outcome, String words)
      throws Exception {
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection ->
                    TlsOrigin.confirmed(TlsOrigin.begun(connection, context, settings)).echo());
        ProxyUnderTest proxy = requiring(origin).start()) {
      assertOutage(proxy, outcome, words);
    }
  }

  @Test
  void certificateOfAStranger_isRefused() throws Exception {
    X509Bundle strange = certificates.stranger().server("CN=origin");
    assertRefused(certificates.origin(strange), "untrusted", "its certificate is not trusted");
  }

  @Test
  void certificateThatHasExpired_orIsNotValidYet_isRefused() throws Exception {
    Instant now = Instant.now();
    X509Bundle old =
        certificates.issued(
            "CN=old",
            each -> each.addSanIpAddress("127.0.0.1").notAfter(now.minus(Duration.ofDays(1))));
    assertRefused(certificates.origin(old), "expired", "not valid now");
    X509Bundle early =
        certificates.issued(
            "CN=early",
            each -> each.addSanIpAddress("127.0.0.1").notBefore(now.plus(Duration.ofDays(1))));
    assertRefused(certificates.origin(early), "expired", "not valid now");
  }

  @Test
  void certificateOfAnotherName_isRefused() throws Exception {
    X509Bundle other = certificates.issued("CN=x", each -> each.addSanDnsName("nfs.example.com"));
    assertRefused(certificates.origin(other), "wrong_name", "another name");
    X509Bundle next = certificates.issued("CN=x", each -> each.addSanIpAddress("127.0.0.2"));
    assertRefused(certificates.origin(next), "wrong_name", "another name");
  }

  @Test
  void tls12_isRefused() throws Exception {
    assertRefused(
        server,
        socket -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}),
        "old_version",
        "does not speak TLS 1.3");
  }

  @Test
  void originThatWantsACertificate_andGetsNone_isToldSo() throws Exception {
    assertRefused(
        server,
        socket -> socket.setNeedClientAuth(true),
        "no_certificate",
        "it wants a certificate of this proxy");
  }

  @Test
  void originThatDislikesTheCertificate_isToldSo() throws Exception {
    certificates.writeOf(certificates.stranger().server("CN=strange proxy"));
    try (FakeOrigin origin =
            FakeOrigin.start(connection -> TlsOrigin.mutual(connection, server).echo());
        ProxyUnderTest proxy =
            before(origin, certificates.towardsOriginWithOwn("require")).start()) {
      // It was shown: where none is, Java's own servers say bad_certificate.
      assertOutage(
          proxy, "refused_by_origin", "it refuses (Received fatal alert: certificate_unknown)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void certificateIsShown_alsoToAnOriginThatNamesOtherAuthorities(String kind) throws Exception {
    TestCertificates strange = certificates.stranger();
    certificates.writeOf(
        strange.issued("CN=own", each -> kind.equals("RSA") ? each.rsa2048() : each.ecp256()));
    LinkedBlockingQueue<String> shown = new LinkedBlockingQueue<>();
    SSLContext naming = certificates.namingItself(certificates.server("CN=origin"), shown);
    try (FakeOrigin origin =
            FakeOrigin.start(connection -> TlsOrigin.mutual(connection, naming).echo());
        ProxyUnderTest proxy =
            before(origin, certificates.towardsOriginWithOwn("require")).start();
        RawClient client = proxy.connect()) {
      assertEquals(7, word(client.ask(nfsNull(7)), 0));
      assertEquals("CN=own", shown.take());
    }
  }

  // The NULL call is answered as any server without TLS does: with an error, or as any NULL.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void plainServer_isNoOrigin_whereTlsIsRequired(boolean denies) throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(plain -> servePlain(plain, denies));
        ProxyUnderTest proxy = requiring(origin).start()) {
      assertOutage(proxy, "not_offered", "it offers none");
    }
  }

  private void servePlain(FakeOriginConnection plain, boolean denies) throws IOException {
    for (byte[] call = plain.receive(); call != null; call = plain.receive()) {
      int xid = word(call, 0);
      if (word(call, 6) == AUTH_TLS && word(call, 5) == 0) {
        plain.send(denies ? record(words(xid, 1, 1, 1, 1)) : reply(xid));
      } else {
        inTheClear.add(call);
        plain.send(reply(xid));
      }
    }
  }

  // Somebody in between takes STARTTLS out of the answer, and would read what comes then.
  @Test
  void strippedProbe_isNoWayToTheClear() throws Exception {
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  byte[] stripped = granted(word(plain.receive(), 0));
                  stripped[stripped.length - 5] ^= 1;
                  plain.send(record(stripped));
                  byte[] more = plain.receive();
                  if (more != null) {
                    inTheClear.add(more);
                  }
                });
        ProxyUnderTest proxy = requiring(origin).start()) {
      assertOutage(proxy, "not_offered", "it offers none");
    }
  }

  // What somebody puts behind the answer, in the clear, would be read as the origin's reply.
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 28})
  void bytesInTheClear_behindTheAnswerToTheProbe_endTheConnection(int length) throws Exception {
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  byte[] forged = Arrays.copyOf(reply(7), length);
                  plain.send(record(granted(word(plain.receive(), 0))), forged);
                  plain.beSilent();
                });
        ProxyUnderTest proxy = requiring(origin).start()) {
      assertOutage(proxy, "clear_text", "more comes in the clear");
    }
  }

  @Test
  void replyInTheClear_insteadOfAHandshake_endsTheConnection() throws Exception {
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  TlsOrigin.grant(plain);
                  plain.bytes(1); // of the ClientHello
                  plain.send(reply(7));
                  plain.beSilent();
                });
        ProxyUnderTest proxy = requiring(origin).start()) {
      assertOutage(proxy, "protocol", "not TLS");
    }
  }

  @Test
  void originThatSpeaksUnasked_endsItsConnection() throws Exception {
    try (FakeOrigin early =
            FakeOrigin.start(
                plain -> {
                  plain.send(reply(7));
                  plain.beSilent();
                });
        FakeOrigin inside =
            FakeOrigin.start(
                plain -> {
                  FakeOriginConnection secured = TlsOrigin.begun(plain, server, none -> {});
                  byte[] asked = secured.receive();
                  secured.send(reply(word(asked, 0)), reply(7));
                  secured.beSilent();
                });
        ProxyUnderTest first = requiring(early).start();
        ProxyUnderTest second = requiring(inside).start()) {
      assertOutage(first, "protocol", "not TLS");
      assertOutage(second, "protocol", "not TLS");
    }
  }

  private interface Stop {
    void at(FakeOriginConnection plain) throws IOException;
  }

  @Test
  void originThatFallsSilent_isGivenUpInTime() throws Exception {
    List<Stop> stops =
        List.of(
            FakeOriginConnection::beSilent,
            plain -> {
              TlsOrigin.grant(plain);
              plain.beSilent();
            },
            plain -> TlsOrigin.begun(plain, server, none -> {}).beSilent());
    for (Stop each : stops) {
      JsonObject tls = certificates.towardsOrigin("require").put("handshakeMillis", 300);
      try (FakeOrigin origin = FakeOrigin.start(each::at);
          ProxyUnderTest proxy = before(origin, tls).start()) {
        assertOutage(proxy, "timed_out", "there is no end of it");
      }
    }
  }

  @Test
  void originThatCloses_inTheMiddle_isAnOutage() throws Exception {
    List<Stop> stops =
        List.of(
            FakeOriginConnection::receive,
            TlsOrigin::grant,
            plain -> {
              TlsOrigin.grant(plain);
              plain.bytes(100);
            },
            plain -> TlsOrigin.begun(plain, server, none -> {}).receive());
    for (Stop each : stops) {
      try (FakeOrigin origin = FakeOrigin.start(each::at);
          ProxyUnderTest proxy = requiring(origin).start()) {
        assertOutage(proxy, "ended_by_origin", "it ends the connection");
      }
    }
  }

  // All clients try several times a second, and each handshake costs both sides a millisecond.
  @Test
  void failedHandshake_isNotTriedAgainByEachClientAtOnce() throws Exception {
    SSLContext strange = certificates.origin(certificates.stranger().server("CN=origin"));
    List<RawClient> clients = new ArrayList<>();
    try (FakeOrigin origin =
            FakeOrigin.start(connection -> TlsOrigin.secured(connection, strange).echo());
        ProxyUnderTest proxy = requiring(origin).start()) {
      for (int i = 0; i < 30; i++) {
        RawClient client = proxy.connect();
        client.send(read(i));
        clients.add(client);
      }
      for (RawClient each : clients) {
        each.awaitClosed();
      }
      // 30 clients that look three times a second for a second and a half would be 135
      assertTrue(origin.accepted() <= 90, () -> origin.accepted() + " handshakes");
    }
  }

  // ---- what changes -----------------------------------------------------------------------------

  @Test
  void certificateSwappedBetweenConnections_isRefused_andTheOldConnectionGoesOn() throws Exception {
    AtomicReference<SSLContext> now = new AtomicReference<>(server);
    try (FakeOrigin origin =
            FakeOrigin.start(connection -> TlsOrigin.secured(connection, now.get()).echo());
        ProxyUnderTest proxy = requiring(origin).start();
        RawClient first = proxy.connect()) {
      assertEquals(3, word(first.ask(read(3)), 0));
      now.set(certificates.origin(certificates.stranger().server("CN=origin")));
      assertOutage(proxy, "untrusted", "its certificate is not trusted");
      assertEquals(4, word(first.ask(read(4)), 0));
      now.set(server);
      eventually("it rests no more", () -> served(proxy));
    }
  }

  private static boolean served(ProxyUnderTest proxy) {
    try (RawClient client = proxy.connect()) {
      return client.ask(read(9)) != null;
    } catch (IOException closed) {
      return false;
    }
  }

  @Test
  void files_areReadAnew_andConnectionsGoOn() throws Exception {
    TestCertificates next = certificates.stranger();
    SSLContext renewed = next.origin(next.server("CN=origin"));
    AtomicReference<SSLContext> now = new AtomicReference<>(server);
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  FakeOriginConnection inside =
                      TlsOrigin.begun(plain, now.get(), socket -> socket.setWantClientAuth(true));
                  seen.add(((SSLSocket) inside.socket()).getSession().getPeerPrincipal().getName());
                  TlsOrigin.confirmed(inside).echo();
                });
        ProxyUnderTest proxy =
            before(origin, certificates.towardsOriginWithOwn("require"))
                .asking(Started::new)
                .start();
        RawClient first = proxy.connect()) {
      assertEquals(3, word(first.ask(read(3)), 0));
      assertEquals("CN=proxy", seen.take());
      try (LogLines log = tlsLines()) {
        now.set(renewed);
        certificates.trust(next);
        next.writeOf(next.server("CN=newer proxy"));
        eventually("it is told", () -> log.lines().toString().contains("others now"));
        eventually("it is served", () -> served(proxy) && seen.contains("CN=newer proxy"));
      }
      assertEquals(4, word(first.ask(read(4)), 0));
    }
  }

  // ---- prefer -----------------------------------------------------------------------------------

  @Test
  void preferred_andOffered_itIsUsed() throws Exception {
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = before(origin, certificates.towardsOrigin("prefer")).start();
        RawClient client = proxy.connect()) {
      assertEquals(3, word(client.ask(read(3)), 0));
      assertEquals(1, connections(proxy, "tls"));
      assertTrue(tlsOf(proxy).getBoolean("mayBeStripped"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void preferred_andNotOffered_callsGoInTheClear_andItIsSaid(boolean denies) throws Exception {
    try (LogLines log = tlsLines();
        FakeOrigin origin = FakeOrigin.start(plain -> servePlain(plain, denies));
        ProxyUnderTest proxy = before(origin, certificates.towardsOrigin("prefer")).start();
        RawClient client = proxy.connect()) {
      assertEquals(3, word(client.ask(read(3)), 0));
      assertArrayEquals(message(read(3)), inTheClear.take());
      assertEquals(1, connections(proxy, "none"));
      assertTrue(
          log.lines().toString().contains("are in the clear, since backend.origin.tls.mode"));
    }
  }

  // What is offered must hold: who wants to read along would rather break it than strip it.
  @Test
  void preferred_andOfferedByAStranger_isAnOutage() throws Exception {
    SSLContext strange = certificates.origin(certificates.stranger().server("CN=origin"));
    try (FakeOrigin origin =
            FakeOrigin.start(connection -> TlsOrigin.secured(connection, strange).echo());
        ProxyUnderTest proxy = before(origin, certificates.towardsOrigin("prefer")).start()) {
      assertOutage(proxy, "untrusted", "its certificate is not trusted");
    }
  }

  // ---- versions, equivalents, ends --------------------------------------------------------------

  @Test
  void originWithoutVersion4_isAskedInTheOneItHas() throws Exception {
    LinkedBlockingQueue<Integer> versions = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  byte[] call = plain.receive();
                  versions.add(word(call, 4));
                  plain.send(record(words(word(call, 0), 1, 0, 0, 0, 2, 2, 3)));
                  TlsOrigin.secured(plain, server).echo();
                });
        ProxyUnderTest proxy = requiring(origin).start();
        RawClient client = proxy.connect()) {
      assertEquals(3, word(client.ask(read(3)), 0));
      assertEquals(4, versions.take());
    }
  }

  @Test
  void equivalent_isHeldToItsOwnName() throws Exception {
    X509Bundle second = certificates.issued("CN=2", each -> each.addSanDnsName("localhost"));
    for (SSLContext context : List.of(certificates.origin(second), server)) {
      boolean isRight = context != server;
      try (FakeOrigin other =
              FakeOrigin.start(connection -> TlsOrigin.secured(connection, context).echo());
          ProxyUnderTest proxy =
              before(FakeOrigin.refusingPort(), certificates.towardsOrigin("require"))
                  .origin("equivalents", new JsonArray().add("localhost:" + other.port()))
                  .start()) {
        if (isRight) {
          try (RawClient client = proxy.connect()) {
            assertEquals(3, word(client.ask(read(3)), 0));
          }
        } else {
          assertOutage(proxy, "wrong_name", "another name");
        }
      }
    }
  }

  @Test
  void originThatSaysItsEnd_endsTheClientsConnection() throws Exception {
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  FakeOriginConnection inside = TlsOrigin.secured(plain, server);
                  inside.send(reply(word(inside.receive(), 0)));
                  inside.socket().shutdownOutput(); // close_notify alone
                  inside.beSilent();
                });
        ProxyUnderTest proxy = requiring(origin).start();
        RawClient client = proxy.connect()) {
      assertEquals(3, word(client.ask(read(3)), 0));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void clientThatLeaves_whileItsConnectionIsMade_isNoFaultOfTheOrigin() throws Exception {
    CountDownLatch granted = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                plain -> {
                  TlsOrigin.grant(plain);
                  granted.countDown();
                  plain.beSilent();
                });
        ProxyUnderTest proxy = requiring(origin).origin("waitMillis", 20_000).start()) {
      RawClient client = proxy.connect();
      client.send(read(3));
      Eventually.await(granted);
      client.close();
      eventually("it is gone", () -> tlsOf(proxy).getInteger("handshakesUnderWay") == 0);
      assertEquals(0, handshakes(proxy, "ended_by_origin"));
      assertEquals(0, proxy.connections());
    }
  }

  @Test
  void unusableFiles_areNamed_andNobodyIsServed() throws Exception {
    TestCertificates.replace(certificates.clientCa(), "hello");
    try (FakeOrigin origin = echoing();
        ProxyUnderTest proxy = requiring(origin).start();
        RawClient client = proxy.connect()) {
      client.send(read(3));
      assertEquals(0, client.awaitClosed().length);
      assertEquals(0, connections(proxy, "tls"));
      String error = info(proxy).getJsonObject("reachability").getString("lastError");
      assertTrue(error.contains("backend.origin.tls.ca: found"), error);
    }
  }

  /** Starts, as a backend does that is no test's. */
  private record Started(Backend backend) implements ForwardingBackend {}
}
