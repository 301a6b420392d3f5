package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.ProxyUnderTest.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.access.AdminToken;
import org.nfsproxy.server.configuration.Admin;
import org.nfsproxy.server.configuration.AdminAccess;
import org.nfsproxy.server.configuration.LivePage;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.TokenFiles;
import org.nfsproxy.server.policy.ClientMatch;

// Who may read and act where there is a token. Over a real port, by requests as strangers send
// them.
class AuthorizationTest {
  private static final String TOKEN = "0123456789abcdef0123456789ABCDEF";
  private static final String OTHER = "fedcba9876543210fedcba9876543210";
  private static final String BEARER = "Authorization: Bearer " + TOKEN + "\r\n";
  private static final String WRONG = "Authorization: Bearer " + OTHER + "\r\n";
  private static final String WATCHES = "X-Requested-With: test\r\n";
  private static final int FAILURES_MAX = 5;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger acted = new AtomicInteger();
  private final AtomicLong nowMillis = new AtomicLong(1_000_000);
  private final AtomicInteger looksUntilReplaced = new AtomicInteger();
  private final AtomicBoolean isHere = new AtomicBoolean(true);
  @TempDir private Path folder;
  private AdminToken token;
  private AdminListener listener;

  @BeforeEach
  void write() throws Exception {
    token = AdminToken.start(TokenFiles.write(folder, TOKEN).toString());
  }

  @AfterEach
  void stop() throws Exception {
    if (listener != null) {
      await(listener.close());
    }
    await(vertx.close());
  }

  private void serve(boolean forReading) throws Exception {
    AdminAccess settings =
        new AdminAccess(
            AdminAccess.OPEN.tls(), "/token", forReading, 3, 60_000, FAILURES_MAX, 100, 32);
    LivePage page = new LivePage(8, 50, 100);
    LiveEvents events = LiveEvents.of(vertx, page, () -> new JsonObject().put("n", 1), () -> {});
    Admin admin =
        new Admin(
            true,
            "127.0.0.1",
            0,
            List.of(),
            ClientMatch.of(List.of("127.0.0.0/8")),
            page,
            settings);
    Page one = () -> new Page.Answer(200, new JsonObject().put("n", 1));
    Map<String, Page> pages =
        Map.of("/one", one, "/health/live", one, "/health/ready", one, "/health/accepting", one);
    Map<String, Action> actions =
        Map.of(
            "/act",
            parameters -> {
              new ActionQuery(parameters, "/act", Set.of());
              acted.incrementAndGet();
              return Future.succeededFuture(new Page.Answer(202, new JsonObject()));
            });
    Guard guard = new Guard(null, token, new AtomicBoolean());
    Authorization authorization =
        new Authorization(guard, settings, 9049, this::now, from -> isHere.get());
    listener =
        await(AdminListener.start(vertx, admin, pages, actions, events, guard, authorization));
  }

  // At a look at the time, which the tests choose, the token becomes another one.
  private long now() {
    if (looksUntilReplaced.decrementAndGet() == 0) {
      replaceToken();
    }
    return nowMillis.get();
  }

  private void replaceToken() {
    try {
      TokenFiles.write(folder, OTHER);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    token.look();
  }

  private String ask(String request, String headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      socket.setSoTimeout(Eventually.MILLIS_MAX);
      String text =
          request + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException reset) {
      return "HTTP/1.1 reset ";
    }
  }

  private int status(String request, String headers) throws IOException {
    return Integer.parseInt(ask(request, headers).split(" ")[1]);
  }

  private String session() throws IOException {
    String answer = ask("POST /login", BEARER);
    Matcher cookie = Pattern.compile("(?i)set-cookie: (nfs-proxy-9049=[^;]+)").matcher(answer);
    assertTrue(cookie.find(), answer);
    return "Cookie: " + cookie.group(1) + "\r\n";
  }

  // ---- acting -----------------------------------------------------------------------------------

  @Test
  void action_needsTheToken_andReadingDoesNot() throws Exception {
    serve(false);
    assertEquals(401, status("POST /act", ""));
    assertEquals(401, status("POST /act", WRONG));
    assertEquals(0, acted.get());
    assertEquals(202, status("POST /act", BEARER));
    assertEquals(1, acted.get());
    assertEquals(200, status("GET /one", ""));
    assertEquals(200, status("GET /", ""));
    assertEquals(404, status("POST /login", BEARER)); // nothing to log in for
  }

  @Test
  void actionWithTheToken_stillNeedsAnAddress_andIsNotForBrowsers() throws Exception {
    serve(false);
    assertEquals(403, status("POST /act", BEARER + "Origin: http://localhost\r\n"));
    assertEquals(403, status("POST /act", BEARER + "Sec-Fetch-Site: same-origin\r\n"));
    assertEquals(0, acted.get());
  }

  @Test
  void session_neverActs() throws Exception {
    serve(true);
    String cookie = session();
    assertEquals(200, status("GET /one", cookie));
    assertEquals(401, status("POST /act", cookie));
    assertEquals(0, acted.get());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: " + TOKEN,
        "Authorization: Basic " + TOKEN,
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: Bearer " + TOKEN + "x",
        "Authorization: Bearer " + TOKEN + "," + TOKEN,
        "Authorization: Bearer " + TOKEN + "\r\nAuthorization: Bearer " + TOKEN,
        "Authorization: Bearer " + OTHER + "\r\nAuthorization: Bearer " + TOKEN,
        "Authorization: Bearer \u00ff\u00fe",
        "Proxy-Authorization: Bearer " + TOKEN,
        "Cookie: nfs-proxy-9049=" + TOKEN,
        "Cookie: nfs-proxy-9049=; nfs-proxy-9049; =; ;;",
        "X-Token: " + TOKEN
      })
  void tokenInAnotherForm_isNone(String header) throws Exception {
    serve(true);
    assertEquals(401, status("POST /act", header + "\r\n"));
    assertEquals(401, status("GET /one", header + "\r\n"));
    assertEquals(0, acted.get());
  }

  @Test
  void tokenInTheUrl_isNone_andIsNotLogged() throws Exception {
    serve(true);
    try (LogLines log = LogLines.of(AdminListener.class)) {
      assertEquals(401, status("GET /one?token=" + TOKEN, ""));
      assertEquals(401, status("POST /act?token=" + TOKEN, ""));
      assertEquals(400, status("POST /act?token=" + TOKEN, BEARER));
      assertEquals(202, status("POST /act", "Authorization: bEARER " + TOKEN + "\r\n"));
      String lines = log.take().toString();
      assertTrue(lines.contains("/act"), lines);
      assertFalse(lines.contains(TOKEN), lines);
    }
  }

  @Test
  void challenge_saysHow() throws Exception {
    serve(true);
    String answer = ask("GET /one", "");
    assertTrue(answer.toLowerCase(Locale.ROOT).contains("www-authenticate: bearer realm="), answer);
    assertTrue(answer.contains("admin.tokenFile"), answer);
    assertTrue(ask("GET /one", WRONG).contains("error=\"invalid_token\""));
  }

  // ---- reading ----------------------------------------------------------------------------------

  @Test
  void reading_needsTheToken_butHealthAndThePagesOwnFilesDoNot() throws Exception {
    serve(true);
    assertEquals(401, status("GET /one", ""));
    assertEquals(401, status("GET /events", WATCHES));
    assertEquals(200, status("GET /one", BEARER));
    for (String open :
        List.of("/health/live", "/health/ready", "/health/accepting", "/", "/page.js")) {
      assertEquals(200, status("GET " + open, ""), open);
    }
    for (String path : List.of("/one/", "//one", "/one%00", "/health/live/../../one", "/ONE")) {
      assertEquals(404, status("GET " + path, ""), path);
    }
  }

  @Test
  void session_reads_untilItIsEnded() throws Exception {
    serve(true);
    String cookie = session();
    assertEquals(200, status("GET /one", cookie));
    assertEquals(200, status("POST /logout", cookie));
    assertEquals(401, status("GET /one", cookie));
  }

  @Test
  void session_endsWithItsTime_andWithTheToken() throws Exception {
    serve(true);
    String one = session();
    nowMillis.addAndGet(59_999);
    assertEquals(200, status("GET /one", one));
    nowMillis.addAndGet(1);
    assertEquals(401, status("GET /one", one));
    String two = session();
    TokenFiles.write(folder, OTHER);
    token.look();
    assertEquals(401, status("GET /one", two));
    assertEquals(401, status("GET /one", BEARER));
    assertEquals(200, status("GET /one", WRONG));
  }

  @Test
  void cookie_isForThisPageAlone() throws Exception {
    serve(true);
    String answer = ask("POST /login", BEARER);
    String cookie =
        answer
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("set-cookie:"))
            .findFirst()
            .orElseThrow();
    for (String attribute :
        List.of("; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=60")) {
      assertTrue(cookie.contains(attribute), cookie);
    }
    assertFalse(cookie.contains("Domain"), cookie);
    assertFalse(answer.contains(TOKEN), answer);
  }

  // Whoever serves another port of this machine can put a cookie there.
  @Test
  void sessionBesideANonsensicalOne_counts() throws Exception {
    serve(true);
    String cookie = session().replace("Cookie: ", "Cookie: nfs-proxy-9049=nonsense; a=b; ");
    assertEquals(200, status("GET /one", cookie));
  }

  @Test
  void sessions_areBounded() throws Exception {
    serve(true);
    String first = session();
    for (int i = 0; i < 3; i++) {
      session();
    }
    assertEquals(401, status("GET /one", first));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "Origin: http://localhost.evil.example",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: none"
      })
  void loginFromAnotherSite_isRefused_andItsTriesAreNotCounted(String header) throws Exception {
    serve(true);
    for (int i = 0; i < FAILURES_MAX + 2; i++) {
      assertEquals(403, status("POST /login", WRONG + header + "\r\n"));
    }
    assertEquals(403, status("POST /login", BEARER + header + "\r\n"));
    assertEquals(403, status("POST /logout", header + "\r\n"));
    assertEquals(
        200,
        status(
            "POST /login", BEARER + "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n"));
  }

  @Test
  void login_byAnotherMethod_isNone() throws Exception {
    serve(true);
    assertEquals(405, status("GET /login", BEARER));
    assertEquals(405, status("OPTIONS /login", BEARER));
    String preflight =
        ask(
            "OPTIONS /login",
            "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n"
                + "Access-Control-Request-Headers: authorization\r\n");
    assertFalse(preflight.toLowerCase(Locale.ROOT).contains("access-control-"), preflight);
  }

  @Test
  void login_byANameFromElsewhere_isRefused() throws Exception {
    serve(true);
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      socket.setSoTimeout(Eventually.MILLIS_MAX);
      String text =
          "POST /login HTTP/1.1\r\nHost: evil.example\r\n" + BEARER + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 421 "), answer);
      assertFalse(answer.toLowerCase(Locale.ROOT).contains("set-cookie"), answer);
    }
  }

  // ---- watching ---------------------------------------------------------------------------------

  private static String until(Socket socket, String part) throws IOException {
    StringBuilder all = new StringBuilder();
    while (all.indexOf(part) < 0) {
      int next = socket.getInputStream().read();
      assertTrue(next >= 0, all::toString);
      all.append((char) next);
    }
    return all.toString();
  }

  private Socket watch(String headers) throws IOException {
    Socket socket = new Socket("127.0.0.1", listener.port());
    socket.setSoTimeout(Eventually.MILLIS_MAX);
    String text = "GET /events HTTP/1.1\r\nHost: localhost\r\n" + WATCHES + headers + "\r\n";
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    until(socket, "data: ");
    return socket;
  }

  private static void assertEnds(Socket socket) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Eventually.MILLIS_MAX);
    try (socket) {
      while (socket.getInputStream().read() >= 0) {
        assertTrue(System.nanoTime() - deadline < 0, "it goes on");
      }
    } catch (SocketException reset) {
      // That is an end too.
    }
  }

  @Test
  void whoWatchesWithTheToken_isCutOff_whenItIsAnotherOne() throws Exception {
    serve(true);
    try (Socket watching = watch(BEARER)) {
      TokenFiles.write(folder, OTHER);
      token.look();
      assertEnds(watching);
    }
  }

  // Wherever in between that happens: all four looks at the time are before the first event.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whoBeginsToWatchWhileTheTokenIsReplaced_isCutOff(int look) throws Exception {
    serve(true);
    looksUntilReplaced.set(look);
    String stale = "Cookie: nfs-proxy-9049=nonsense\r\n";
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      socket.setSoTimeout(Eventually.MILLIS_MAX);
      String text =
          "GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + WATCHES
              + BEARER
              + stale
              + "\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      assertEnds(socket);
    }
    assertFalse(token.is(TOKEN));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whoLogsInWhileTheTokenIsReplaced_hasNoSession(int look) throws Exception {
    serve(true);
    looksUntilReplaced.set(look);
    String answer = ask("POST /login", BEARER);
    Matcher cookie = Pattern.compile("(?i)set-cookie: (nfs-proxy-9049=[^;]+)").matcher(answer);
    assertEquals(look == 1, answer.startsWith("HTTP/1.1 401 "), answer);
    assertEquals(look == 2, cookie.find(), answer);
    assertFalse(token.is(TOKEN));
    if (look == 2) {
      assertEquals(401, status("GET /one", "Cookie: " + cookie.group(1) + "\r\n"));
    }
  }

  @Test
  void whoWatchesWithASession_isCutOff_whenItEnds() throws Exception {
    serve(true);
    String cookie = session();
    try (Socket watching = watch(cookie);
        Socket other = watch(BEARER)) {
      assertEquals(200, status("POST /logout", cookie));
      assertEnds(watching);
      until(other, "data: ");
    }
  }

  @Test
  void whoWatchesWithoutNeedOfAToken_isNotCutOff_whenItIsAnotherOne() throws Exception {
    serve(false);
    try (Socket watching = watch("")) {
      TokenFiles.write(folder, OTHER);
      token.look();
      for (int i = 0; i < 3; i++) {
        until(watching, "data: ");
      }
    }
  }

  // ---- guessing ---------------------------------------------------------------------------------

  @Test
  void wrongTokens_areTold_andAnsweredLate_andTheRightOneIsTakenAtOnce() throws Exception {
    serve(true);
    String cookie = session();
    try (LogLines log = LogLines.of(Authorization.class)) {
      for (int i = 0; i < FAILURES_MAX; i++) {
        assertEquals(401, status("GET /one", WRONG));
      }
      long began = System.nanoTime();
      String answer = ask("GET /one", WRONG);
      assertTrue(System.nanoTime() - began >= 900_000_000L, "it is answered at once");
      assertTrue(answer.startsWith("HTTP/1.1 429 "), answer);
      assertTrue(answer.toLowerCase(Locale.ROOT).contains("retry-after: 60"), answer);
      assertEquals(429, status("POST /login", WRONG));
      assertEquals(200, status("GET /one", BEARER));
      assertEquals(200, status("POST /login", BEARER));
      assertEquals(202, status("POST /act", BEARER));
      List<String> lines =
          log.take().stream().filter(line -> line.contains("wrong tokens")).toList();
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).contains("127.0.0.1"), lines::toString);
      assertFalse(lines.get(0).contains(OTHER), lines::toString);
      // those who are in, and those who bring nothing, are as before
      assertEquals(200, status("GET /one", cookie));
      assertEquals(401, status("GET /one", ""));
      assertEquals(200, status("GET /health/ready", WRONG));
      nowMillis.addAndGet(60_000);
      assertEquals(200, status("GET /one", session()));
    }
  }

  // ---- in the clear -----------------------------------------------------------------------------

  @Test
  void tokenInTheClear_fromAnotherMachine_isNotLookedAt() throws Exception {
    serve(true);
    String cookie = session();
    isHere.set(false);
    for (String headers : List.of(BEARER, WRONG, "", cookie)) {
      assertEquals(403, status("GET /one", headers), headers);
      assertEquals(403, status("POST /login", headers), headers);
      assertEquals(403, status("POST /act", headers), headers);
    }
    assertEquals(200, status("GET /health/live", ""));
    assertTrue(ask("GET /one", BEARER).contains("see admin.tls"));
    assertEquals(0, acted.get());
    isHere.set(true);
    assertEquals(200, status("GET /one", BEARER)); // none of it was a try
  }
}
