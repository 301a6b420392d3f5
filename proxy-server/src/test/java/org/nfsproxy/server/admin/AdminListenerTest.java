package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.configuration.Admin;
import org.nfsproxy.server.configuration.AdminAccess;
import org.nfsproxy.server.configuration.LivePage;
import org.nfsproxy.server.fakes.DeafPeers;
import org.nfsproxy.server.policy.ClientMatch;

class AdminListenerTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final LivePage WATCHED = new LivePage(8, 2000, 100);
  private static final Map<String, Page> PAGES =
      Map.of("/one", () -> new Page.Answer(200, new JsonObject().put("n", 1)));

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private AdminListener listener;

  private record Got(int status, JsonObject json, String allow) {}

  @AfterEach
  void stop() throws Exception {
    if (listener != null) {
      await(listener.close());
    }
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void serve(Map<String, Page> pages) throws Exception {
    listener = await(AdminListener.start(vertx, "127.0.0.1", 0, pages));
  }

  private Future<Got> ask(HttpMethod method, String path) {
    return client
        .request(method, listener.port(), "127.0.0.1", path)
        .compose(HttpClientRequest::send)
        .compose(
            response ->
                response
                    .body()
                    .map(
                        body ->
                            new Got(
                                response.statusCode(),
                                body.length() == 0 ? null : body.toJsonObject(),
                                response.getHeader("Allow"))));
  }

  @Test
  void get_aPage_isItsJson() throws Exception {
    serve(PAGES);
    assertEquals(
        new Got(200, new JsonObject().put("n", 1), null), await(ask(HttpMethod.GET, "/one")));
    assertEquals(200, await(ask(HttpMethod.GET, "/one?x=y")).status);
  }

  @Test
  void get_anotherPath_is404InJson() throws Exception {
    serve(PAGES);
    for (String path : List.of("/", "/one/", "/One", "/../one", "/%6fne")) {
      Got got = await(ask(HttpMethod.GET, path));
      assertEquals(404, got.status, path);
      assertEquals("there is /one", got.json.getString("error"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "NONSENSE"})
  void otherMethods_are405InJson(String method) throws Exception {
    serve(PAGES);
    Got got = await(ask(HttpMethod.valueOf(method), "/one"));
    assertEquals(405, got.status);
    assertEquals("GET", got.allow);
    assertEquals("only GET", got.json.getString("error"));
  }

  private static final Page.Answer DONE = new Page.Answer(202, new JsonObject().put("done", true));

  private int act(String from, String method, String... headers) throws Exception {
    Map<String, Action> actions = Map.of("/act", parameters -> Future.succeededFuture(DONE));
    Admin admin =
        new Admin(
            true,
            "127.0.0.1",
            0,
            List.of(),
            ClientMatch.of(List.of(from)),
            WATCHED,
            AdminAccess.OPEN);
    listener = await(AdminListener.start(vertx, admin, PAGES, actions, null, Guard.NONE));
    int status =
        await(
            client
                .request(HttpMethod.valueOf(method), listener.port(), "127.0.0.1", "/act")
                .compose(
                    request -> {
                      for (int i = 0; i < headers.length; i += 2) {
                        request.putHeader(headers[i], headers[i + 1]);
                      }
                      return request.send();
                    })
                .map(response -> response.statusCode()));
    await(listener.close());
    return status;
  }

  @Test
  void post_actsForTheAddressesAllowed() throws Exception {
    assertEquals(202, act("127.0.0.0/8", "POST"));
    assertEquals(403, act("10.0.0.0/8", "POST"));
  }

  // The address that the client has here is this machine's, though not the one on the list.
  @Test
  void post_fromAnyAddressOfThisMachine_isThisMachines() throws Exception {
    assertEquals(202, act("::1", "POST"));
    assertEquals(403, act("10.0.0.9", "POST"));
  }

  private String head(String host, String method, String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      String request = method + " " + path + " HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n";
      return raw(socket, request);
    }
  }

  private String status(String host, String method, String path) throws IOException {
    return head(host, method, path).split(" ")[1];
  }

  @Test
  void query_thatCannotBeRead_isA400_ofPagesAndActions() throws Exception {
    Map<String, Action> actions = Map.of("/act", parameters -> Future.succeededFuture(DONE));
    Admin admin =
        new Admin(
            true,
            "127.0.0.1",
            0,
            List.of(),
            ClientMatch.of(List.of("*")),
            WATCHED,
            AdminAccess.OPEN);
    listener = await(AdminListener.start(vertx, admin, PAGES, actions, null, Guard.NONE));
    for (String query : List.of("?x=%zz", "?%", "?x=%f")) {
      assertEquals("400", status("", "POST", "/act" + query), query);
      assertEquals("400", status("", "GET", "/one" + query), query);
    }
    assertEquals("202", status("", "POST", "/act?x=%20"));
  }

  @Test
  void pages_askedForByANameFromElsewhere_areRefused_andActionsToo() throws Exception {
    AtomicInteger acted = new AtomicInteger();
    Map<String, Action> actions =
        Map.of(
            "/act",
            parameters -> {
              acted.incrementAndGet();
              return Future.succeededFuture(DONE);
            });
    List<String> hosts = List.of("Pages.example.com");
    Admin admin =
        new Admin(
            true, "127.0.0.1", 0, hosts, ClientMatch.of(List.of("*")), WATCHED, AdminAccess.OPEN);
    listener = await(AdminListener.start(vertx, admin, PAGES, actions, null, Guard.NONE));
    for (String host :
        List.of(
            "evil.example",
            "evil.example:9049",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "[",
            "a b")) {
      assertEquals("421", status("Host: " + host + "\r\n", "GET", "/one"), host);
      assertEquals("421", status("Host: " + host + "\r\n", "GET", "/none"), host);
      assertEquals("421", status("Host: " + host + "\r\n", "POST", "/act"), host);
    }
    assertEquals("421", status("Host: localhost\r\nHost: evil.example\r\n", "GET", "/one"));
    assertTrue(head("Host: evil.example\r\n", "GET", "/one").contains("see admin.hosts"));
    assertEquals(0, acted.get());
    for (String host :
        List.of(
            "127.0.0.1:1",
            "[::1]",
            "10.1.2.3",
            "LOCALHOST:9049",
            "pages.example.com",
            "pages.example.com.:80")) {
      assertEquals("200", status("Host: " + host + "\r\n", "GET", "/one"), host);
    }
    assertEquals("200", status("", "GET", "/one"));
    assertEquals("202", status("Host: pages.example.com\r\n", "POST", "/act"));
  }

  @Test
  void answers_areNotForOtherSitesToShow() throws Exception {
    serve(PAGES);
    for (String path : List.of("/one", "/none")) {
      String head =
          head("Host: localhost\r\nOrigin: http://evil.example\r\n", "GET", path)
              .toLowerCase(Locale.ROOT);
      assertTrue(head.contains("x-frame-options: deny\r\n"), head);
      assertTrue(head.contains("x-content-type-options: nosniff\r\n"), head);
      assertTrue(head.contains("cross-origin-resource-policy: same-origin\r\n"), head);
      assertFalse(head.contains("access-control-"), head);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "OPTIONS"})
  void action_byAnotherMethod_is405(String method) throws Exception {
    assertEquals(405, act("127.0.0.0/8", method));
  }

  // A page in the browser of whoever is on this machine.
  @ParameterizedTest
  @ValueSource(strings = {"Origin", "Referer", "Sec-Fetch-Site", "origin"})
  void action_fromABrowser_is403(String header) throws Exception {
    assertEquals(403, act("*", "POST", header, "http://127.0.0.1:9049"));
  }

  @Test
  void page_thatFails_is500AndTheNextIsServed() throws Exception {
    serve(
        Map.of(
            "/bad",
            () -> {
              throw new IllegalStateException("as told");
            },
            "/one",
            PAGES.get("/one")));
    assertEquals(500, await(ask(HttpMethod.GET, "/bad")).status);
    assertEquals(200, await(ask(HttpMethod.GET, "/one")).status);
  }

  @Test
  void requests_beyondTheBound_are503() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    serve(
        Map.of(
            "/slow",
            () -> {
              try {
                latch.await();
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
              return new Page.Answer(200, new JsonArray().add(1));
            },
            "/health/live",
            () -> new Page.Answer(200, new JsonObject())));
    List<Future<Integer>> asked = new ArrayList<>();
    List<HttpClient> clients = new ArrayList<>(); // one that nobody holds is closed by Vert.x
    for (int i = 0; i < AdminListener.ANSWERING_MAX; i++) {
      clients.add(vertx.createHttpClient());
      asked.add(
          clients
              .get(i)
              .request(HttpMethod.GET, listener.port(), "127.0.0.1", "/slow")
              .compose(HttpClientRequest::send)
              .map(response -> response.statusCode()));
    }
    int refused = 0;
    for (int i = 0; i < 400 && refused == 0; i++) {
      Future<Got> more = ask(HttpMethod.GET, "/slow");
      Thread.sleep(10);
      refused = more.succeeded() ? more.result().status : 0;
    }
    assertEquals(503, refused);
    assertEquals(200, await(ask(HttpMethod.GET, "/health/live")).status);
    latch.countDown();
    for (Future<Integer> one : asked) {
      assertNotEquals(0, await(one));
    }
    assertEquals(AdminListener.ANSWERING_MAX, clients.size());
  }

  private String raw(Socket socket, String text) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return rest(socket.getInputStream());
  }

  private static String rest(InputStream in) throws IOException {
    try {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (SocketException reset) {
      return "";
    }
  }

  @Test
  void requestLineOrHeaders_tooLong_areRefused() throws Exception {
    serve(PAGES);
    for (String text :
        List.of(
            "GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /one HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(9000) + "\r\n\r\n",
            "\u0001\u0002 nonsense\r\n\r\n")) {
      try (Socket socket = new Socket("127.0.0.1", listener.port())) {
        String answer = raw(socket, text);
        assertTrue(
            answer.isEmpty() || answer.startsWith("HTTP/1.") && answer.contains(" 400 "), answer);
      }
    }
    assertEquals(200, await(ask(HttpMethod.GET, "/one")).status);
  }

  @Test
  void body_withoutEnd_isNotRead() throws Exception {
    serve(PAGES);
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      String answer =
          raw(
              socket,
              "GET /one HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\nabc");
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    }
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      String answer =
          raw(
              socket,
              "POST /one HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 405"), answer);
    }
  }

  @Test
  void connection_thatAsksNothing_isClosed() throws Exception {
    listener = await(AdminListener.start(vertx, "127.0.0.1", 0, PAGES, 200));
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      assertEquals("", raw(socket, "GET /one HTTP/1.1\r\nHost:"));
    }
  }

  @Test
  void peersThatReadNothing_areClosedAtTheirTime_andOthersAreServed() throws Exception {
    Page.Text large = new Page.Text("text/plain", new byte[5 << 20]);
    Map<String, Page> pages =
        Map.of(
            "/one",
            () -> new Page.Answer(200, new JsonObject().put("n", 1)),
            "/large",
            () -> new Page.Answer(200, large));
    listener = await(AdminListener.start(vertx, "127.0.0.1", 0, pages, 2_000));
    try (DeafPeers deaf = new DeafPeers()) {
      for (int i = 0; i < AdminAccess.OPEN.connectionsMax(); i++) {
        deaf.ask(listener.port(), "/large", "");
      }
      deaf.awaitClosed();
      assertEquals(200, await(ask(HttpMethod.GET, "/one")).status);
    }
  }

  // ---- places -----------------------------------------------------------------------------------

  private static final String GET_ONE = "GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private Socket from(String address) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    socket.connect(new InetSocketAddress("127.0.0.1", listener.port()));
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static boolean isAnswered(Socket socket) throws IOException {
    socket.getOutputStream().write(GET_ONE.getBytes(StandardCharsets.US_ASCII));
    return socket.getInputStream().read() == 'H';
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2"})
  void silentConnections_giveTheirPlacesUp_theOldestFirst(String from) throws Exception {
    serve(PAGES);
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < AdminAccess.OPEN.connectionsMax() + 8; i++) {
      silent.add(from("127.0.0.1"));
    }
    try (Socket checker = from(from)) {
      assertTrue(isAnswered(checker));
    }
    for (Socket gone : silent.subList(0, 9)) {
      assertEquals(-1, gone.getInputStream().read());
    }
    assertTrue(isAnswered(silent.get(silent.size() - 1)), "the newest has its place");
    for (Socket each : silent) {
      each.close();
    }
  }

  @Test
  void whoReadsNothing_givesAPlaceUp_toAnotherAddress() throws Exception {
    Page.Text large = new Page.Text("text/plain", new byte[5 << 20]);
    serve(
        Map.of(
            "/one",
            () -> new Page.Answer(200, new JsonObject().put("n", 1)),
            "/large",
            () -> new Page.Answer(200, large)));
    try (DeafPeers deaf = new DeafPeers()) {
      for (int i = 0; i < AdminAccess.OPEN.connectionsMax(); i++) {
        deaf.ask(listener.port(), "/large", "");
      }
      try (Socket other = from("127.0.0.2")) {
        assertTrue(isAnswered(other));
      }
    }
  }

  // A supervisor's check, while another address comes and goes as fast as it can.
  @Test
  void floodOfResets_keepsNobodyElseOut() throws Exception {
    serve(PAGES);
    AtomicBoolean over = new AtomicBoolean();
    Thread flood =
        new Thread(
            () -> {
              while (!over.get()) {
                try (Socket each = from("127.0.0.3")) {
                  each.setSoLinger(true, 0);
                } catch (IOException full) {
                  Thread.yield();
                }
              }
            });
    flood.start();
    try {
      for (int i = 0; i < 50; i++) {
        try (Socket checker = from("127.0.0.2")) {
          assertTrue(isAnswered(checker));
        }
      }
    } finally {
      over.set(true);
      flood.join();
    }
  }

  @Test
  void http2_isNotSpoken() throws Exception {
    serve(PAGES);
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      String upgrade =
          "GET /one HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
              + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n";
      socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      assertEquals("HTTP/1.1 200", new String(status, StandardCharsets.US_ASCII));
    }
  }

  @Test
  void port_taken_isNoFailure() throws Exception {
    serve(PAGES);
    // Vert.x shares a port among servers of its own, so another must have it.
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      AdminListener second = await(AdminListener.start(vertx, "127.0.0.1", port, PAGES));
      assertEquals(-1, second.port());
      assertNull(await(second.close()));
    }
    assertEquals(Buffer.buffer("{\"n\":1}"), body("/one"));
  }

  private Buffer body(String path) throws Exception {
    return await(
        client
            .request(HttpMethod.GET, listener.port(), "127.0.0.1", path)
            .compose(HttpClientRequest::send)
            .compose(response -> response.body()));
  }
}
