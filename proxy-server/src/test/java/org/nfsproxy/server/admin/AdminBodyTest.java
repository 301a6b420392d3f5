package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.configuration.Admin;
import org.nfsproxy.server.configuration.AdminAccess;
import org.nfsproxy.server.configuration.LivePage;
import org.nfsproxy.server.policy.ClientMatch;

/** Actions that read a body. */
class AdminBodyTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int BODY_BYTES_MAX = 1000;
  private static final String POST = "POST /act HTTP/1.1\r\nHost: localhost\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger acted = new AtomicInteger();
  private AdminListener listener;

  private final class Reading implements Action {
    @Override
    public int bodyBytesMax() {
      return BODY_BYTES_MAX;
    }

    @Override
    public Future<Page.Answer> begin(MultiMap parameters) {
      throw new IllegalStateException("without its body");
    }

    @Override
    public Future<Page.Answer> begin(MultiMap parameters, Buffer body) {
      acted.incrementAndGet();
      return Future.succeededFuture(
          new Page.Answer(202, new JsonObject().put("body", body.toString())));
    }
  }

  @BeforeEach
  void serve() throws Exception {
    start("127.0.0.0/8");
  }

  private void start(String from) throws Exception {
    Admin admin =
        new Admin(
            true,
            "127.0.0.1",
            0,
            List.of(),
            ClientMatch.of(List.of(from)),
            new LivePage(1, 2000, 100),
            AdminAccess.OPEN);
    listener =
        await(
            AdminListener.start(
                vertx, admin, Map.of(), Map.of("/act", new Reading()), null, Guard.NONE));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private String say(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void body_isGivenToTheAction() throws Exception {
    String answer = say(POST + "Content-Length: 5\r\n\r\nhello");
    assertTrue(
        answer.startsWith("HTTP/1.1 202") && answer.endsWith("{\"body\":\"hello\"}"), answer);
    String chunked = say(POST + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n1\r\ny\r\n0\r\n\r\n");
    assertTrue(chunked.endsWith("{\"body\":\"hey\"}"), chunked);
  }

  @Test
  void noBody_isAnEmptyOne() throws Exception {
    assertTrue(say(POST + "\r\n").endsWith("{\"body\":\"\"}"));
  }

  @Test
  void bodyAboveTheBound_isRefusedAndNotKept() throws Exception {
    String long1 = "a".repeat(BODY_BYTES_MAX + 1);
    String answer = say(POST + "Content-Length: 1001\r\n\r\n" + long1);
    assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
    String endless = say(POST + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + long1 + "\r\n");
    assertTrue(endless.startsWith("HTTP/1.1 413"), endless);
    assertEquals(0, acted.get());
  }

  @Test
  void whoWaitsForLeaveToSendIt_getsIt() throws Exception {
    String answer = say(POST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
    assertTrue(answer.startsWith("HTTP/1.1 100") && answer.endsWith("{\"body\":\"hi\"}"), answer);
  }

  @Test
  void bodyThatBreaksOff_doesNothing() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      String half = POST + "Content-Length: 50\r\n\r\nhello";
      socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
    }
    assertTrue(say(POST + "\r\n").startsWith("HTTP/1.1 202"));
    assertEquals(1, acted.get());
  }

  @Test
  void whoMayNotAct_isToldSoWithoutHisBody() throws Exception {
    await(listener.close());
    start("10.0.0.9");
    String answer = say(POST + "Content-Length: 50\r\n\r\nhello");
    assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
    assertEquals(0, acted.get());
  }
}
