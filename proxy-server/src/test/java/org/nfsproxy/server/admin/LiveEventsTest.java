package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.configuration.Admin;
import org.nfsproxy.server.configuration.AdminAccess;
import org.nfsproxy.server.configuration.LivePage;
import org.nfsproxy.server.fakes.DeafPeers;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.LivePageEvents;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.policy.ClientMatch;

class LiveEventsTest {
  private static final int STALLED_MILLIS = 300;
  private static final String OWN_HEADER = "X-Requested-With: test\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger forgotten = new AtomicInteger();
  private AdminListener listener;

  @AfterEach
  void stop() throws Exception {
    if (listener != null) {
      ProxyUnderTest.await(listener.close());
    }
    ProxyUnderTest.await(vertx.close());
  }

  private void serve(int listenersMax, String padding, Map<String, Page> pages) throws Exception {
    LivePage settings = new LivePage(listenersMax, 50, 100);
    LiveEvents events =
        new LiveEvents(
            vertx,
            settings,
            () -> new JsonObject().put("n", looks.incrementAndGet()).put("padding", padding),
            forgotten::incrementAndGet,
            STALLED_MILLIS);
    Admin admin =
        new Admin(
            true,
            "127.0.0.1",
            0,
            List.of(),
            ClientMatch.of(List.of("127.0.0.1")),
            settings,
            AdminAccess.OPEN);
    listener =
        ProxyUnderTest.await(
            AdminListener.start(vertx, admin, pages, Map.of(), events, Guard.NONE));
  }

  private void serve(int listenersMax) throws Exception {
    serve(listenersMax, "", Map.of());
  }

  private Socket ask(String request, String headers) throws IOException {
    Socket socket = new Socket("127.0.0.1", listener.port());
    socket.setSoTimeout(Eventually.MILLIS_MAX);
    String text = request + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private String answer(String request, String headers) throws IOException {
    try (Socket socket = ask(request, headers + "Connection: close\r\n")) {
      return rest(socket);
    }
  }

  // Events would never end.
  private static String rest(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[8192];
    int length = socket.getInputStream().read(some);
    while (length >= 0) {
      all.write(some, 0, length);
      if (all.toString(StandardCharsets.UTF_8).contains("text/event-stream")) {
        break;
      }
      length = socket.getInputStream().read(some);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everybody_isToldTheSame_andNobodyLooksTwice() throws Exception {
    serve(3);
    try (LivePageEvents one = LivePageEvents.of(listener.port());
        LivePageEvents other = LivePageEvents.of(listener.port())) {
      int last = 0;
      for (int i = 0; i < 5; i++) {
        int next = one.next().getInteger("n");
        assertTrue(next > last, next + " behind " + last);
        last = next;
      }
      int of = other.next().getInteger("n");
      while (of < last) {
        of = other.next().getInteger("n");
      }
      assertTrue(of <= looks.get());
    }
  }

  @Test
  void nobodyLooks_whileNobodyWatches() throws Exception {
    serve(3);
    Eventually.pause(150);
    assertEquals(0, looks.get());
    LivePageEvents.first(listener.port());
    Eventually.eventually("all is forgotten", () -> forgotten.get() > 0);
    int then = looks.get();
    Eventually.pause(200);
    assertEquals(then, looks.get());
    assertTrue(LivePageEvents.first(listener.port()).getInteger("n") > then);
  }

  @Test
  void moreThanMay_areRefused_andAPlaceComesBack() throws Exception {
    serve(2);
    List<LivePageEvents> watching = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      watching.add(LivePageEvents.of(listener.port()));
      watching.get(i).next();
    }
    String refused = answer("GET /events", OWN_HEADER);
    assertTrue(refused.startsWith("HTTP/1.1 503"), refused);
    assertTrue(refused.contains("2 watch already: see admin.page.listenersMax"), refused);
    watching.get(0).close();
    Eventually.eventually("a place", () -> watches());
    watching.get(1).close();
  }

  private boolean watches() {
    try {
      return LivePageEvents.first(listener.port()).getInteger("n") > 0;
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void noListener_isAsManyAsMay() throws Exception {
    serve(0);
    String refused = answer("GET /events", OWN_HEADER);
    assertTrue(refused.startsWith("HTTP/1.1 503"), refused);
    assertTrue(refused.contains("nobody may watch"), refused);
  }

  // Some megabytes go into the sockets' own buffers first.
  @Test
  void listenerThatNeverReads_isCutOff_andOthersGoOn() throws Exception {
    serve(2, "x".repeat(1 << 20), Map.of());
    try (LogLines log = LogLines.of(LiveEvents.class);
        Socket deaf = ask("GET /events", OWN_HEADER);
        LivePageEvents other = LivePageEvents.of(listener.port())) {
      Eventually.eventually(
          "the deaf one is cut off",
          () -> hears(other) && log.lines().stream().anyMatch(LiveEventsTest::isCutOff));
      Eventually.eventually("a place for a third", () -> hears(other) && watches());
      assertTrue(deaf.isConnected());
    }
  }

  // Not of the places to watch alone, but of the connections too.
  @Test
  void listenersThatNeverRead_giveTheirConnectionsBack() throws Exception {
    Page one = () -> new Page.Answer(200, new JsonObject().put("n", 1));
    serve(AdminAccess.OPEN.connectionsMax(), "x".repeat(1 << 20), Map.of("/one", one));
    try (DeafPeers deaf = new DeafPeers()) {
      for (int i = 0; i < AdminAccess.OPEN.connectionsMax(); i++) {
        deaf.ask(listener.port(), "/events", OWN_HEADER);
      }
      deaf.awaitClosed();
      assertTrue(answer("GET /one", "").startsWith("HTTP/1.1 200 "));
    }
  }

  // An idle connection would be closed too, but for one that sends something now and then.
  private static boolean isCutOff(String line) {
    return line.endsWith("does not read what it watches, and is cut off");
  }

  private static boolean hears(LivePageEvents events) {
    try {
      return events.next().getInteger("n") > 0;
    } catch (IOException cutOff) {
      throw new AssertionError("one who reads is cut off", cutOff);
    }
  }

  // A browser leaves out what a page of another site may not set.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Accept: text/event-stream\r\n",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n",
        "Origin: http://evil.example\r\nAccept: text/event-stream\r\n"
      })
  void anotherSitesPage_mayNotWatch(String headers) throws Exception {
    serve(2);
    String refused = answer("GET /events", headers);
    assertTrue(refused.startsWith("HTTP/1.1 403"), refused);
    assertEquals(0, looks.get());
  }

  @Test
  void preflight_isNotAnswered() throws Exception {
    serve(2);
    String preflight =
        answer(
            "OPTIONS /events",
            "Origin: http://evil.example\r\nAccess-Control-Request-Method: GET\r\n"
                + "Access-Control-Request-Headers: x-requested-with\r\n");
    assertTrue(preflight.startsWith("HTTP/1.1 405"), preflight);
    assertFalse(preflight.toLowerCase(Locale.ROOT).contains("access-control-"), preflight);
    assertTrue(answer("POST /events", OWN_HEADER).startsWith("HTTP/1.1 405"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/events", "/page.js"})
  void nameFromElsewhere_isRefused(String path) throws Exception {
    serve(2);
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      String text =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: evil.example\r\n"
              + OWN_HEADER
              + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      String answer = rest(socket);
      assertTrue(answer.startsWith("HTTP/1.1 421"), answer);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/,text/html; charset=utf-8",
    "/page.js,text/javascript; charset=utf-8",
    "/page.css,text/css; charset=utf-8",
    "/uplot.js,text/javascript; charset=utf-8",
    "/uplot.css,text/css; charset=utf-8",
    "/favicon.svg,image/svg+xml"
  })
  void files_haveTheirTypes(String path, String type) throws Exception {
    serve(2);
    String answer = answer("GET " + path, "");
    assertTrue(answer.startsWith("HTTP/1.1 200"), answer.substring(0, 200));
    String head = answer.substring(0, answer.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
    assertTrue(head.contains("content-type: " + type), head);
    assertTrue(head.contains("x-content-type-options: nosniff"), head);
    assertTrue(head.contains("x-frame-options: deny"), head);
    assertEquals(
        path.equals("/"), head.contains("content-security-policy: default-src 'none'; script-src"));
  }

  @Test
  void pagesPolicy_letsNothingInButItsOwnFiles() throws Exception {
    serve(2);
    String head = answer("GET /", "");
    for (String part :
        List.of(
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'")) {
      assertTrue(head.contains(part + ";") || head.contains("; " + part), part);
    }
    assertFalse(head.contains("unsafe-"), head);
  }

  // What the policy would refuse is not there to begin with, and nothing is asked of anybody else.
  @Test
  void page_hasNothingInline_andNamesNoOtherHost() throws Exception {
    serve(2);
    String html = answer("GET /", "");
    for (String pattern :
        List.of("<script(?![^>]* src=)", "<style", " style=", " on[a-z]+=", "javascript:", "//")) {
      Matcher found = Pattern.compile(pattern).matcher(html);
      assertFalse(found.find(), () -> pattern + " is in the page");
    }
    String script = answer("GET /page.js", "");
    for (String word :
        List.of("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "://")) {
      assertFalse(script.contains(word), word);
    }
  }

  @Test
  void files_areServed_whileOtherPagesAreAllBeingAnswered() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    serve(
        2,
        "",
        Map.of(
            "/slow",
            () -> {
              asked.incrementAndGet();
              Eventually.await(latch);
              return new Page.Answer(200, new JsonArray());
            }));
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < AdminListener.ANSWERING_MAX; i++) {
      sockets.add(ask("GET /slow", ""));
    }
    Eventually.eventually("all asked", () -> asked.get() == AdminListener.ANSWERING_MAX);
    assertTrue(answer("GET /page.js", "").startsWith("HTTP/1.1 200"));
    latch.countDown();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void whoeverStopsServing_endsWhatIsWatched() throws Exception {
    serve(2);
    LivePageEvents events = LivePageEvents.of(listener.port());
    events.next();
    ProxyUnderTest.await(listener.close());
    listener = null;
    assertThrows(
        IOException.class,
        () -> {
          while (true) {
            events.next();
          }
        });
    Eventually.eventually("all is forgotten", () -> forgotten.get() > 0);
  }
}
