package org.nfsproxy.server.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Wire.words;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.server.fakes.AdminPages;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

/** A capture of one client's calls, by the admin pages. */
class CaptureTest {
  private static final String SECRET = "secret bytes of a file";

  @TempDir private Path folder;
  private FakeOrigin origin;
  private int xid;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = FakeOrigin.start(CaptureTest::serve);
  }

  @AfterEach
  void stop() throws IOException {
    origin.close();
  }

  private static void serve(FakeOriginConnection connection) throws IOException {
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      connection.send(Wire.reply(Wire.word(call, 0), words(0, 0, 0, 0)));
    }
  }

  private ProxyUnderTest proxy() throws Exception {
    return ProxyUnderTest.before(origin)
        .section("admin", new JsonObject().put("port", 0))
        .section("audit", new JsonObject().put("file", folder.resolve("audit.log").toString()))
        .section("capture", new JsonObject().put("callsMax", 50).put("bytesMax", 64 * 1024))
        .section(
            "exports",
            new JsonObject()
                .put(
                    "parameters",
                    new JsonObject().put("security", new JsonArray().add("none").add("sys"))))
        .start();
  }

  private void write(RawClient client) throws IOException {
    client.ask(
        Wire.record(
            Wire.call(
                ++xid,
                Wire.NFS,
                3,
                7,
                out ->
                    out.opaque(new byte[] {1, 2, 3, 4})
                        .int64(0)
                        .int32(SECRET.length())
                        .int32(0)
                        .string(SECRET))));
  }

  private void remove(RawClient client) throws IOException {
    client.ask(
        Wire.record(
            Wire.call(++xid, Wire.NFS, 3, 12, out -> out.opaque(new byte[4]).string("removed"))));
  }

  private void lookup(RawClient client, String name) throws IOException {
    client.ask(
        Wire.record(
            Wire.call(
                ++xid, Wire.NFS, 3, 3, out -> out.opaque(new byte[] {1, 2, 3, 4}).string(name))));
  }

  private static JsonObject capture(ProxyUnderTest proxy) {
    try {
      AdminPages.Answer answer = AdminPages.ask(proxy, "GET", "/capture");
      assertEquals(200, answer.status(), answer::body);
      return new JsonObject(answer.body());
    } catch (IOException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static AdminPages.Answer post(ProxyUnderTest proxy, String path) throws IOException {
    return AdminPages.ask(proxy, "POST", path);
  }

  @Test
  void oneClientsCalls_areTakenDown_withoutBytesOfFiles_andItEndsByItself() throws Exception {
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect();
        RawClient other = RawClient.connectFrom("127.0.0.2", proxy.port())) {
      assertEquals(404, AdminPages.ask(proxy, "GET", "/capture").status());
      lookup(client, "before");
      AdminPages.Answer begun = post(proxy, "/capture?address=127.0.0.1&calls=3");
      assertEquals(202, begun.status(), begun::body);
      assertTrue(capture(proxy).getBoolean("running"));
      assertEquals(409, post(proxy, "/capture?address=127.0.0.2").status());
      lookup(client, "a\nname");
      remove(other); // which the audit log is told, and with it whoever is told of calls
      write(client);
      lookup(client, "third");
      lookup(client, "too late");
      Eventually.eventually("it has ended", () -> !capture(proxy).getBoolean("running"));
      JsonObject capture = capture(proxy);
      assertEquals("calls", capture.getString("ended"));
      JsonArray calls = capture.getJsonArray("calls");
      assertEquals(3, calls.size());
      JsonObject first = calls.getJsonObject(0);
      assertEquals("00000002", first.getString("xid"));
      assertEquals(client.socket().getLocalPort(), first.getInteger("port"));
      assertEquals("none", first.getString("flavor"));
      JsonObject operation = first.getJsonArray("operations").getJsonObject(0);
      assertEquals("LOOKUP", operation.getString("operation"));
      assertEquals("OK", operation.getString("status"));
      JsonObject object = operation.getJsonArray("objects").getJsonObject(0);
      assertEquals("01020304", object.getString("handle"));
      assertEquals("a\nname", object.getJsonArray("names").getString(0));
      assertEquals(44, first.getInteger("replyBytes"));
      assertTrue(first.getDouble("originMillis") > 0);
      assertEquals(
          "WRITE",
          calls
              .getJsonObject(1)
              .getJsonArray("operations")
              .getJsonObject(0)
              .getString("operation"));
      assertFalse(capture.encode().contains("secret"));
      assertEquals(202, post(proxy, "/capture?address=127.0.0.2").status());
      assertEquals(202, post(proxy, "/capture/stop").status());
      assertEquals("stopped", capture(proxy).getString("ended"));
      assertEquals(404, post(proxy, "/capture/stop").status());
    }
  }

  @Test
  void capture_ofLongNames_endsByItsMemory() throws Exception {
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      assertEquals(202, post(proxy, "/capture?address=127.0.0.1&calls=50").status());
      for (int i = 0; i < 50; i++) {
        lookup(client, "n".repeat(3000));
      }
      JsonObject capture = capture(proxy);
      assertEquals("bytes", capture.getString("ended"));
      assertTrue(capture.getJsonArray("calls").size() > 10);
    }
  }

  @Test
  void capture_endsWhenItsTimeIsOver() throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      assertEquals(202, post(proxy, "/capture?address=127.0.0.1&seconds=1").status());
      Eventually.eventually("it is over", () -> !capture(proxy).getBoolean("running"));
      assertEquals("time", capture(proxy).getString("ended"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/capture | address is missing",
        "/capture?address=everybody | address: found \"everybody\", expected an address",
        "/capture?address=10.0.0.0/8 | expected an address",
        "/capture?address=10.0.0.1&calls=51 | expected a whole number from 1 to 50 (capture.callsMax)",
        "/capture?address=10.0.0.1&calls=0 | calls: found \"0\"",
        "/capture?address=10.0.0.1&calls=1e3 | calls: found \"1e3\"",
        "/capture?address=10.0.0.1&seconds=99999 | capture.millisMax",
        "/capture?adress=10.0.0.1 | did you mean address?",
        "/capture?address=10.0.0.1&address=10.0.0.2 | address is there 2 times",
        "/log/level?area=jugde&level=DEBUG | area: found \"jugde\", expected one of access, admin, audit,",
        "/log/level?area=judge&level=LOUD | expected one of OFF, ERROR, WARN, INFO, DEBUG, TRACE",
        "/log/level | area: found nothing",
        "/rebalance?share=2 | share: found \"2\"",
        "/rebalance?share=0x1p-1 | share: found",
        "/rebalance?share=NaN | share: found",
        "/rebalance?shar=0.5 | did you mean share?",
        "/drain?now=1 | there is no parameter",
        "/undrain?x | there is no parameter",
        "/clients/close?address=10.0.0.1&port=no | port: found \"no\"",
        "/clients/close?adress=10.0.0.1 | did you mean address?",
        "/clients/close | address is missing",
        "/locks/release?clinet=10.0.0.1 | did you mean client?",
        "/cache/purge?export=/a | there is no parameter",
      })
  void oddInput_isA400_thatSaysWhat(String path, String said) throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      AdminPages.Answer answer = post(proxy, path);
      assertEquals(400, answer.status(), answer::body);
      String error = new JsonObject(answer.body()).getString("error");
      assertTrue(error.contains(said), error);
      assertEquals(200, AdminPages.ask(proxy, "GET", "/health/ready").status());
    }
  }

  @Test
  void logLevel_isSetUntilTheRestart_andTakenBack() throws Exception {
    try (ProxyUnderTest proxy = proxy()) {
      assertEquals(202, post(proxy, "/log/level?area=nlm&level=DEBUG").status());
      assertEquals("DEBUG true", level(proxy));
      assertEquals(202, post(proxy, "/log/level?area=nlm&level=CONFIGURED").status());
      assertEquals("INFO false", level(proxy));
    }
  }

  private static String level(ProxyUnderTest proxy) throws IOException {
    JsonArray rows = new JsonArray(AdminPages.ask(proxy, "GET", "/log/levels").body());
    return rows.stream()
        .map(JsonObject.class::cast)
        .filter(row -> row.getString("area").equals("nlm"))
        .map(row -> row.getString("level") + " " + row.getBoolean("untilRestart"))
        .findFirst()
        .orElseThrow();
  }
}
