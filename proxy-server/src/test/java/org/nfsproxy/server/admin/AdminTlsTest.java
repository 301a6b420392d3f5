package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.word;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.configuration.AdminAccess;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.server.fakes.TokenFiles;
import org.nfsproxy.server.top.Top;
import org.nfsproxy.server.top.TopAccess;
import org.nfsproxy.server.top.TopSettings;

// The admin pages by HTTPS, with and without a token, before a whole proxy.
class AdminTlsTest {
  private static final String TOKEN = "0123456789abcdef0123456789ABCDEF";
  private static final String BEARER = "Authorization: Bearer " + TOKEN + "\r\n";

  @TempDir private Path folder;
  private TestCertificates certificates;
  private FakeOrigin origin;

  @BeforeEach
  void make() throws Exception {
    certificates = TestCertificates.in(folder);
    origin = FakeOrigin.start(FakeOriginConnection::echo);
  }

  @AfterEach
  void stop() throws Exception {
    origin.close();
  }

  private JsonObject admin() {
    return new JsonObject()
        .put("port", 0)
        .put(
            "tls",
            new JsonObject()
                .put("certificate", certificates.certificate().toString())
                .put("key", certificates.key().toString()));
  }

  private ProxyUnderTest served(JsonObject admin) throws Exception {
    return ProxyUnderTest.before(origin)
        .section("admin", admin)
        .section("reload", new JsonObject().put("scanMillis", 20))
        .start();
  }

  private ProxyUnderTest served() throws Exception {
    return served(admin());
  }

  private ProxyUnderTest withToken() throws Exception {
    String file = TokenFiles.write(folder, TOKEN).toString();
    return served(admin().put("tokenFile", file).put("tokenForReading", true));
  }

  private SSLSocket socket(ProxyUnderTest proxy) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            certificates
                .client(null)
                .getSocketFactory()
                .createSocket("127.0.0.1", proxy.adminPort());
    socket.setSoTimeout(Eventually.MILLIS_MAX);
    return socket;
  }

  private static String ask(Socket socket, String request, String headers) throws IOException {
    String text =
        request + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Connection: close\r\n\r\n";
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException reset) {
      return "";
    }
  }

  private String ask(ProxyUnderTest proxy, String request, String headers) throws Exception {
    try (SSLSocket socket = socket(proxy)) {
      return ask(socket, request, headers);
    }
  }

  private String subject(ProxyUnderTest proxy) {
    try (SSLSocket socket = socket(proxy)) {
      socket.startHandshake();
      X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return own.getSubjectX500Principal().getName();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void pages_areServedByHttps_andSayWhenTheCertificateEnds() throws Exception {
    try (ProxyUnderTest proxy = served()) {
      String info = ask(proxy, "GET /info", "");
      assertTrue(info.startsWith("HTTP/1.1 200 "), info);
      JsonObject tls =
          new JsonObject(info.substring(info.indexOf("\r\n\r\n") + 4)).getJsonObject("adminTls");
      assertEquals("CN=proxy", tls.getString("certificate"));
      assertEquals(99, tls.getInteger("daysLeft"));
      assertTrue(
          ask(proxy, "GET /metrics", "")
              .contains("\nnfs_proxy_admin_certificate_expiry_timestamp_seconds "));
      assertTrue(ask(proxy, "POST /drain", "").startsWith("HTTP/1.1 202 "));
    }
  }

  @Test
  void plainHttp_getsNothing() throws Exception {
    try (ProxyUnderTest proxy = served();
        Socket plain = new Socket("127.0.0.1", proxy.adminPort())) {
      plain.setSoTimeout(Eventually.MILLIS_MAX);
      assertFalse(ask(plain, "GET /info", "").contains("HTTP/1.1"));
      assertTrue(ask(proxy, "GET /info", "").startsWith("HTTP/1.1 200 "));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "h2"})
  void olderTls_andHttp2Alone_areRefused(String what) throws Exception {
    try (ProxyUnderTest proxy = served();
        SSLSocket socket = socket(proxy)) {
      SSLParameters parameters = socket.getSSLParameters();
      if (what.equals("h2")) {
        parameters.setApplicationProtocols(new String[] {"h2"});
      } else {
        parameters.setProtocols(new String[] {what});
      }
      socket.setSSLParameters(parameters);
      assertThrows(IOException.class, socket::startHandshake);
    }
  }

  @Test
  void browser_thatOffersHttp2First_isServedByHttp1() throws Exception {
    try (ProxyUnderTest proxy = served();
        SSLSocket socket = socket(proxy)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertEquals("http/1.1", socket.getApplicationProtocol());
      assertTrue(ask(socket, "GET /health/live", "").startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void replacedCertificate_isShownToThoseWhoComeThen() throws Exception {
    try (ProxyUnderTest proxy = served();
        SSLSocket before = socket(proxy)) {
      before.startHandshake();
      assertEquals("CN=proxy", subject(proxy));
      certificates.writeOf(certificates.server("CN=newer"));
      eventually("it is read", () -> subject(proxy).equals("CN=newer"));
      TestCertificates.replace(certificates.key(), "-----BEGIN NONSENSE-----");
      assertTrue(ask(before, "GET /health/live", "").startsWith("HTTP/1.1 200 "));
      assertEquals("CN=newer", subject(proxy));
    }
  }

  // A connection counts from its first moment on, whatever its handshake comes to.
  @Test
  void handshakesThatNeverEnd_areBounded_andClientsOfNfsAreServed() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try (ProxyUnderTest proxy = served();
        RawClient client = proxy.connect()) {
      for (int i = 0; i < 3 * AdminAccess.OPEN.connectionsMax(); i++) {
        Socket each = new Socket("127.0.0.1", proxy.adminPort());
        each.setSoTimeout(Eventually.MILLIS_MAX);
        idle.add(each);
        each.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
      }
      for (Socket each : idle.subList(0, 2 * AdminAccess.OPEN.connectionsMax())) {
        assertEnds(each);
      }
      assertEquals(7, word(client.ask(nfsNull(7)), 0));
      for (Socket each : idle) {
        each.close();
      }
      eventually("there is room again", () -> isServed(proxy));
    } finally {
      for (Socket each : idle) {
        each.close();
      }
    }
  }

  // With an alert before it, as the engine does.
  private static void assertEnds(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException reset) {
      // That is an end too.
    }
  }

  private boolean isServed(ProxyUnderTest proxy) {
    try {
      return ask(proxy, "GET /health/live", "").startsWith("HTTP/1.1 200 ");
    } catch (Exception refused) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {9_000, 100_000})
  void headersTooLong_areRefused_alsoWithAToken(int length) throws Exception {
    try (ProxyUnderTest proxy = withToken()) {
      String answer = "";
      try {
        answer = ask(proxy, "GET /info", "Authorization: Bearer " + "a".repeat(length) + "\r\n");
      } catch (SSLException | SocketException cut) {
        // It was closed while more came.
      }
      assertTrue(answer.isEmpty() || answer.contains(" 400 "), answer);
      assertTrue(ask(proxy, "GET /info", BEARER).startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void login_givesACookieForHttpsAlone() throws Exception {
    try (ProxyUnderTest proxy = withToken()) {
      assertTrue(ask(proxy, "GET /info", "").startsWith("HTTP/1.1 401 "));
      String answer = ask(proxy, "POST /login", BEARER);
      String cookie =
          answer
              .lines()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("set-cookie: "))
              .findFirst()
              .orElseThrow()
              .substring("set-cookie: ".length());
      assertTrue(cookie.startsWith("__Host-nfs-proxy-0="), cookie);
      assertTrue(cookie.contains("; Secure"), cookie);
      String pair = cookie.substring(0, cookie.indexOf(';'));
      assertTrue(ask(proxy, "GET /info", "Cookie: " + pair + "\r\n").startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void top_showsTheToken_andKnowsTheCa() throws Exception {
    try (ProxyUnderTest proxy = withToken();
        RawClient client = proxy.connect()) {
      assertEquals(7, word(client.ask(nfsNull(7)), 0));
      String url = "https://127.0.0.1:" + proxy.adminPort();
      Path token = folder.resolve("token");
      assertEquals("", json(url, new TopAccess(token, certificates.clientCa())));
      String without = json(url, new TopAccess(null, certificates.clientCa()));
      assertTrue(without.contains("--token-file"), without);
      String untrusted = json(url, new TopAccess(token, null));
      assertTrue(untrusted.contains("its certificate is not trusted"), untrusted);
      String clear = json("http://192.0.2.1:9049", new TopAccess(token, null));
      assertTrue(clear.startsWith("a token is sent by HTTPS"), clear);
      String none = json(url, new TopAccess(token, token));
      assertTrue(none.startsWith("--ca: "), none);
      assertFalse((without + untrusted + clear + none).contains(TOKEN));
    }
  }

  // Empty if it was shown, else what it said.
  private static String json(String url, TopAccess access) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    TopSettings settings = TopSettings.of(url, "client", null, "").with(access);
    int status = Top.json(settings, new PrintWriter(out, true), new PrintWriter(err, true));
    assertEquals(status == 0, out.toString().startsWith("{"), err::toString);
    return err.toString();
  }

  // ---- what must be right at the start
  // ------------------------------------------------------------

  private void assertRefused(JsonObject admin, String part) {
    Exception refused = assertThrows(Exception.class, () -> served(admin).close());
    assertTrue(String.valueOf(refused).contains(part), refused::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokenForReading | true | admin.tokenFile: found nothing, while admin.tokenForReading",
        "tokenFile | token | an absolute path",
        "tokenFile | /nonexistent/token | admin.tokenFile: found \"/nonexistent/token\"",
      })
  void tokenThatCannotBe_isRefused(String key, String value, String part) {
    Object json = value.equals("true") ? (Object) true : value;
    assertRefused(new JsonObject().put("port", 0).put(key, json), part);
  }

  @Test
  void certificateThatCannotBe_isRefusedByItsKey() throws Exception {
    X509Bundle other = certificates.server("CN=other");
    TestCertificates.replace(certificates.key(), other.getPrivateKeyPEM());
    assertRefused(admin(), "admin.tls.key: found");
    Files.delete(certificates.certificate());
    assertRefused(admin(), "admin.tls.certificate: found");
    JsonObject alone = admin();
    alone.getJsonObject("tls").remove("key");
    assertRefused(alone, "admin.tls.key: found nothing, beside admin.tls.certificate");
  }
}
