package org.nfsproxy.server.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeHttp;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.server.fakes.Wire;

class TopTest {
  private static final String EVENTS =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

  // What would clear a screen, ring, set a title, turn text round, and end a line.
  private static final String HOSTILE = "\u001b[2J\u0007\u001b]0;x\u0007\u202e\n\r\u009b1A";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static JsonObject client(String name, double rate, long calls) {
    return new JsonObject()
        .put("client", name)
        .put("calls", calls)
        .put("errors", 1)
        .put("callsPerSecond", rate)
        .put("errorsPerSecond", 0.5)
        .put("originMillis", 0.25)
        .putNull("proxyMillis")
        .put("bytesIn", 5_000_000);
  }

  private static JsonObject event(JsonObject... clients) {
    JsonObject reach = new JsonObject().put("state", "answers");
    JsonObject info =
        new JsonObject()
            .put("instance", "a")
            .put("version", "1")
            .put("serving", true)
            .put("origin", "nfs.example.com port 2049")
            .put("reachability", reach)
            .put("connections", 3);
    return new JsonObject()
        .put("seconds", 2.0)
        .put("info", info)
        .put("all", new JsonObject().put("callsPerSecond", 12.5).put("longerAt", "origin"))
        .put(
            "clients", new JsonObject().put("of", 40).put("rows", new JsonArray(List.of(clients))));
  }

  private static String data(JsonObject event) {
    return "data: " + event.encode() + "\n\n";
  }

  private int run(String url, String by, String sort, String filter, boolean json) {
    TopSettings settings = TopSettings.of(url, by, sort, filter);
    PrintWriter printed = new PrintWriter(out, true);
    PrintWriter told = new PrintWriter(err, true);
    return json ? Top.json(settings, printed, told) : Top.once(settings, printed, told);
  }

  private int once(FakeHttp server) {
    return run(server.url(), "client", null, "", false);
  }

  @Test
  void once_waitsForRates_andPrintsATable() throws IOException {
    JsonObject first = event(client("10.0.0.1", 0, 1)).putNull("seconds");
    JsonObject next = event(client("10.0.0.1", 2, 10), client("10.0.0.2", 150, 1234567));
    try (FakeHttp server =
        FakeHttp.answering(EVENTS + data(first) + ": a comment\n\n" + data(next))) {
      assertEquals(0, once(server));
    }
    List<String> lines = out.toString().lines().toList();
    assertEquals(
        "nfs-proxy a 1  takes clients  origin nfs.example.com port 2049 answers", lines.get(0));
    assertTrue(lines.get(1).startsWith("calls 12.5/s  "), lines.get(1));
    assertTrue(lines.get(4).matches("CLIENT +CALLS/S\\* .*"), lines.get(4));
    assertTrue(
        lines.get(5).matches("10\\.0\\.0\\.2 +150 +0\\.5 +0\\.250 +- +.* 1,234,567 .*4\\.8 MiB.*"),
        lines.get(5));
    assertTrue(lines.get(6).startsWith("10.0.0.1"), lines.get(6));
    assertEquals("the 2 busiest of 40", lines.get(7));
  }

  // ---- certificates -----------------------------------------------------------------------------

  private String refusal(SSLContext server, String host, Path ca) throws Exception {
    try (ServerSocket listening =
        server
            .getServerSocketFactory()
            .createServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread shaking = new Thread(() -> shake(listening), "shaking");
      shaking.setDaemon(true);
      shaking.start();
      String url = "https://" + host + ":" + listening.getLocalPort();
      TopSettings settings = TopSettings.of(url, "client", null, "").with(new TopAccess(null, ca));
      assertEquals(1, Top.once(settings, new PrintWriter(out, true), new PrintWriter(err, true)));
    }
    String told = err.toString();
    err.getBuffer().setLength(0);
    assertFalse(told.contains("no proxy answers"), told);
    return told;
  }

  private static void shake(ServerSocket listening) {
    while (true) {
      try (Socket socket = listening.accept()) {
        socket.getInputStream().read();
      } catch (IOException refused) {
        if (listening.isClosed()) {
          return;
        }
      }
    }
  }

  @Test
  void certificateThatIsRefused_isSaid_withTheCure(@TempDir Path folder) throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    Path ca = certificates.clientCa();
    SSLContext own = certificates.origin(certificates.server("CN=proxy"));

    String untrusted = refusal(own, "127.0.0.1", null);
    assertTrue(untrusted.contains("its certificate is not trusted ("), untrusted);
    assertTrue(untrusted.contains("--ca FILE"), untrusted);

    TestCertificates stranger = certificates.stranger();
    SSLContext strange = stranger.origin(stranger.server("CN=proxy"));
    String other = refusal(strange, "127.0.0.1", ca);
    assertTrue(other.contains("not trusted") && other.contains(ca + " is not"), other);

    String named = refusal(own, "localhost", ca);
    assertTrue(named.contains("its certificate has another name"), named);

    X509Bundle old =
        certificates.issued(
            "CN=old",
            each ->
                each.addSanIpAddress("127.0.0.1")
                    .notAfter(Instant.now().minus(Duration.ofDays(1))));
    String expired = refusal(certificates.origin(old), "127.0.0.1", ca);
    assertTrue(expired.contains("its certificate is not valid now"), expired);
  }

  @Test
  void https_askedByHttp_namesHttpsAndTheCa(@TempDir Path folder) throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    SSLContext own = certificates.origin(certificates.server("CN=proxy"));
    try (ServerSocket listening =
        own.getServerSocketFactory().createServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread shaking = new Thread(() -> shake(listening), "shaking");
      shaking.setDaemon(true);
      shaking.start();
      assertEquals(
          1, run("http://127.0.0.1:" + listening.getLocalPort(), "client", null, "", false));
    }
    assertTrue(err.toString().contains("https://"), err.toString());
    assertTrue(err.toString().contains("--ca FILE"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "https://127.0.0.1:1, ., --ca: . is no PEM with certificates",
    "https://127.0.0.1:1, gone.pem, --ca: gone.pem is not there",
    "http://127.0.0.1:1, gone.pem, --ca is for HTTPS"
  })
  void caThatIsOfNoUse_isToldAsSuch(String url, String ca, String told) {
    TopSettings settings =
        TopSettings.of(url, "client", null, "").with(new TopAccess(null, Path.of(ca)));
    assertEquals(1, Top.once(settings, new PrintWriter(out, true), new PrintWriter(err, true)));
    assertTrue(err.toString().startsWith(told), err.toString());
  }

  @Test
  void json_isTheWholeEvent() throws IOException {
    JsonObject event = event(client("10.0.0.1", 2, 10));
    try (FakeHttp server = FakeHttp.answering(EVENTS + data(event))) {
      assertEquals(0, run(server.url(), "client", null, "", true));
    }
    assertEquals(event, new JsonObject(out.toString()));
  }

  @Test
  void sortAndFilter_areWhatWasAskedFor() throws IOException {
    JsonObject event =
        event(client("10.0.0.1", 5, 10), client("10.0.0.2", 9, 3), client("10.1.0.3", 99, 99));
    try (FakeHttp server = FakeHttp.answering(EVENTS + data(event))) {
      assertEquals(0, run(server.url(), "client", "calls", "10.0.", false));
    }
    List<String> rows = out.toString().lines().filter(line -> line.startsWith("10.")).toList();
    assertEquals(2, rows.size());
    assertTrue(rows.get(0).startsWith("10.0.0.1"), rows.get(0));
  }

  @Test
  void serversWords_neverBecomeControlCharacters() throws IOException {
    JsonObject event = event(client(HOSTILE, 5, 10));
    event
        .getJsonObject("info")
        .put("instance", HOSTILE)
        .put("version", HOSTILE)
        .put("origin", HOSTILE);
    event.getJsonObject("info").getJsonObject("reachability").put("state", HOSTILE);
    event.put("lastRefusals", new JsonArray().add(new JsonObject().put("text", HOSTILE)));
    for (String answer :
        List.of(
            EVENTS + data(event),
            "HTTP/1.1 503 No\r\nConnection: close\r\n\r\n"
                + new JsonObject().put("error", HOSTILE).encode(),
            "HTTP/1.1 200 OK\r\nContent-Type: \u001b[2Jx\r\nConnection: close\r\n\r\n")) {
      try (FakeHttp server = FakeHttp.answering(answer)) {
        once(server);
      }
    }
    String all = out.toString() + err;
    assertTrue(all.contains("\\033[2J"), all);
    assertFalse(
        all.codePoints()
            .filter(point -> point != '\n')
            .anyMatch(point -> Character.isISOControl(point) || point == 0x202e),
        all);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 404 No                                       | no live page",
        "HTTP/1.1 500 No                                       | HTTP status 500",
        "HTTP/1.1 302 Go~Location: http://elsewhere.example    | HTTP status 302",
        "HTTP/1.1 503 No~Content-Length: 27~~{'error':'8 watch already'} | 8 watch already",
        "HTTP/1.1 200 OK~Content-Type: text/html~~<p>          | no nfs-proxy",
        "HTTP/1.1 200 OK~Content-Type: text/event-stream~~data: no| no JSON",
        "HTTP/1.1 200 OK~Content-Type: text/event-stream~~     | ended the connection",
        "nonsense                                              | no proxy answers"
      })
  void whoIsNoProxy_isToldSo(String answer, String said) throws IOException {
    String text = answer.replace("~", "\r\n").replace('\'', '"');
    String whole = text.contains("\r\n\r\n") ? text : text + "\r\nConnection: close\r\n\r\n";
    try (FakeHttp server = FakeHttp.answering(whole.endsWith("no") ? whole + "\n" : whole)) {
      assertEquals(1, once(server));
    }
    assertTrue(err.toString().contains(said), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void nobodyThere_isToldWithTheCure() throws IOException {
    FakeHttp gone = FakeHttp.answering("");
    gone.close();
    assertEquals(1, once(gone));
    assertTrue(err.toString().contains("admin.host"), err.toString());
  }

  @Test
  void eventWithoutEnd_isNotKept() throws IOException {
    try (FakeHttp server = FakeHttp.answering(EVENTS + "data: " + "x".repeat(9 << 20))) {
      assertEquals(1, once(server));
    }
    assertTrue(err.toString().contains("more than"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9049,http://127.0.0.1:9049/",
    "http://127.0.0.1:9049/,http://127.0.0.1:9049/",
    "proxy.example.com,http://proxy.example.com:9049/",
    "proxy.example.com:80,http://proxy.example.com:80/",
    "[::1]:9049,http://[::1]:9049/",
    "https://a.example/nfs,https://a.example/nfs/"
  })
  void url_isWherePagesAre(String url, String base) {
    assertEquals(base, TopSettings.of(url, "client", null, "").base().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ftp://a",
        "http://",
        "http://a:99999",
        "http://u:p@a",
        "http://a?x",
        "a b",
        "file:///etc"
      })
  void url_ofNothing_isRefused(String url) {
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> TopSettings.of(url, "client", null, ""));
    assertTrue(wrong.getMessage().contains("such as http://127.0.0.1:9049"), wrong.getMessage());
  }

  @Test
  void sort_byWhatThereIsNot_saysWhatThereIs() {
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> TopSettings.of("a", "operation", "size", ""))
            .getMessage()
            .contains("OPS/S"));
  }

  @Test
  void lines_areNoWiderThanTheTerminal_andTheRateStays() {
    JsonObject event =
        event(client("2001:db8:0:1:1:1:1:1", 5, 10), client("漢字漢字漢字漢字漢字漢字漢字", 1, 10));
    for (int width = 24; width < 200; width++) {
      TopView view = TopView.of(TopTable.CLIENT);
      List<String> lines = TopLines.table(event, view, width);
      assertTrue(lines.get(0).contains("CALLS/S*"), lines.get(0));
      for (String line : lines) {
        assertTrue(TopLines.width(line) <= width, width + ": " + line);
      }
      for (String line : TopLines.head(event, view, width)) {
        assertTrue(TopLines.width(line) <= width, width + ": " + line);
      }
    }
    for (int width = 1; width < 24; width++) {
      for (String line : TopLines.table(event, TopView.of(TopTable.PAIR), width)) {
        assertTrue(TopLines.width(line) <= width, width + ": " + line);
      }
    }
  }

  // Fields of other types than they should have, at every place.
  @Test
  void eventOfSomethingElse_isNothing() {
    for (Object odd : new Object[] {1, "x", true, new JsonArray().add(1), new JsonObject(), null}) {
      JsonObject event = new JsonObject();
      for (String field : List.of("info", "all", "clients", "operations", "lastRefusals")) {
        event.put(field, odd);
      }
      event.put("pairs", new JsonObject().put("rows", odd));
      event.put(
          "exports",
          new JsonObject()
              .put(
                  "rows",
                  new JsonArray().add(new JsonObject().put("export", odd).put("calls", odd))));
      for (TopTable table : TopTable.values()) {
        assertFalse(TopLines.head(event, TopView.of(table), 80).isEmpty());
        assertFalse(TopLines.table(event, TopView.of(table), 80).isEmpty());
      }
    }
  }

  @Test
  void keys_changeWhatIsSeen() {
    TopKeys keys = new TopKeys(TopView.of(TopTable.CLIENT));
    "o>r /ab\u007fc\r".chars().forEach(keys::pressed);
    assertEquals(new TopView(TopTable.OPERATION, 3, true, "ac"), keys.view());
    assertTrue(keys.isPaused());
    "\u001b[D\u001b[B\u001b[B\u001b[A".chars().forEach(keys::pressed);
    assertEquals(2, keys.view().sort());
    assertEquals(1, keys.firstRow());
    "/xyz".chars().forEach(keys::pressed);
    assertEquals("acxyz", keys.view().filter());
    keys.pressed(27);
    keys.nothing();
    assertEquals("ac", keys.view().filter());
    assertFalse(keys.isOver());
    keys.pressed('q');
    assertTrue(keys.isOver());
  }

  @Test
  void feed_goesBackToALostProxy() throws IOException {
    String answer = EVENTS + data(event(client("10.0.0.1", 5, 10)));
    try (FakeHttp server = FakeHttp.answering(answer);
        EventFeed feed = new EventFeed(TopSettings.of(server.url(), "client", null, ""))) {
      Eventually.eventually("an event", () -> feed.known().event() != null);
      Eventually.eventually("a loss", () -> feed.known().lost() != null);
      int then = feed.known().changes();
      Eventually.eventually(
          "another", () -> server.requests() > 1 && feed.known().changes() > then);
      assertTrue(server.request(0).contains("X-Requested-With: top"), server.request(0));
    }
  }

  @Test
  void realProxy_isShown() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(TopTest::answerNull);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .section(
                    "admin",
                    new JsonObject()
                        .put("port", 0)
                        .put("page", new JsonObject().put("eventMillis", 500)))
                .start();
        RawClient client = RawClient.connectFrom("127.0.0.7", proxy.port())) {
      for (int i = 1; i <= 5; i++) {
        client.ask(Wire.nfsNull(i));
      }
      assertEquals(0, run("127.0.0.1:" + proxy.adminPort(), "client", null, "", false));
      assertTrue(
          out.toString().lines().anyMatch(line -> line.matches("127\\.0\\.0\\.7 .* 5 .*")),
          out.toString());
      assertEquals(
          0, run("127.0.0.1:" + proxy.adminPort(), "operation", "operations", "NULL", false));
      assertTrue(
          out.toString().lines().anyMatch(line -> line.matches("NULL +3 .* 5 .*")), out.toString());
    }
  }

  private static void answerNull(FakeOriginConnection connection) throws IOException {
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      connection.send(Wire.reply(Wire.word(call, 0), new byte[0]));
    }
  }
}
