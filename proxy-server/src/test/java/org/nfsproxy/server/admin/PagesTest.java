package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.exports.HandleFrom;
import org.nfsproxy.testing.FakeProvider;

class PagesTest {
  private static Page page(List<Export> exports, AtomicBoolean ready, String path) {
    Map<String, Page> pages =
        Pages.of(
            () -> exports,
            export -> new JsonObject().put("access", "rw").put("from", "exports.parameters"),
            () -> new JsonObject().put("moved", 3),
            ready::get);
    return pages.get(path);
  }

  @Test
  void ready_followsTheListeners() {
    AtomicBoolean ready = new AtomicBoolean();
    Page page = page(List.of(), ready, "/health/ready");
    assertEquals(new Page.Answer(503, new JsonObject().put("ready", false)), page.answer());
    ready.set(true);
    assertEquals(new Page.Answer(200, new JsonObject().put("ready", true)), page.answer());
  }

  @Test
  void live_untilThereIsAFault_andThenSaysWhich() {
    AtomicReference<String> fault = new AtomicReference<>();
    Page page =
        Pages.of(
                List::of,
                export -> new JsonObject(),
                () -> export -> null,
                List::of,
                told -> new JsonObject(),
                JsonObject::new,
                () -> true,
                () -> Optional.ofNullable(fault.get()),
                Optional::empty)
            .get("/health/live");
    assertEquals(new Page.Answer(200, new JsonObject().put("live", true)), page.answer());
    fault.set("out of memory");
    assertEquals(
        new Page.Answer(503, new JsonObject().put("live", false).put("why", "out of memory")),
        page.answer());
  }

  @Test
  void containment_isCounted() {
    Page page = page(List.of(), new AtomicBoolean(), "/containment");
    assertEquals(new Page.Answer(200, new JsonObject().put("moved", 3)), page.answer());
  }

  @Test
  void live_isAlwaysSo() {
    Page page = page(List.of(), new AtomicBoolean(), "/health/live");
    assertEquals(200, page.answer().status());
  }

  @Test
  void exports_areListedWithWhatIsAllowedOnThem() throws Exception {
    Vertx vertx = Vertx.vertx();
    Exports exports =
        new Exports(
            vertx,
            new FakeProvider.FakeBackend("x", 1),
            new ExportsSettings(16, 64, 60_000),
            List::of);
    exports.root(4).countCall();
    Filehandle handle = Filehandle.of(new byte[8]);
    Export file =
        exports.learn(
            HandleFrom.REPLY, Unpooled.wrappedBuffer(handle.bytes()), 0, 8, 3, 0xab, 0, 1);
    file.countRefusal();
    Page page = page(exports.all(), new AtomicBoolean(), "/exports");
    JsonArray list = (JsonArray) page.answer().json();
    assertEquals(2, list.size());
    JsonObject root = list.getJsonObject(0);
    assertEquals("/", root.getString("path"));
    assertEquals(false, root.getBoolean("connected"));
    assertEquals("unseen", root.getString("state"));
    assertEquals(null, root.getString("firstSeen"));
    assertEquals(null, root.getString("lastSeen"));
    assertEquals("root", root.getString("knownFrom"));
    assertEquals(1L, root.getLong("calls"));
    assertEquals("exports.parameters", root.getJsonObject("parameters").getString("from"));
    JsonObject unknown = list.getJsonObject(1);
    assertEquals(null, unknown.getString("path"));
    assertEquals(false, unknown.getBoolean("connected"));
    assertEquals("disconnected", unknown.getString("state"));
    assertEquals("call", unknown.getString("knownFrom"));
    assertNotNull(unknown.getString("lastSeen"));
    assertEquals("ab:0", unknown.getJsonObject("fsid").getString("nfs3"));
    assertEquals(1L, unknown.getLong("handles"));
    assertEquals(1L, unknown.getLong("refusals"));
    Future<Void> closed = vertx.close();
    closed.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void export_ofAnOriginThatIsSilent_saysAsOfWhen() {
    Vertx vertx = Vertx.vertx();
    Exports exports =
        new Exports(
            vertx,
            new FakeProvider.FakeBackend("x", 1),
            new ExportsSettings(16, 64, 60_000),
            List::of);
    exports.learn(HandleFrom.REPLY, Unpooled.wrappedBuffer(new byte[8]), 0, 8, 3, 0xab, 0, 1);
    Instant since = Instant.ofEpochSecond(1_000_000);
    Page page =
        Pages.of(
                exports::all,
                export -> new JsonObject(),
                () -> export -> null,
                List::of,
                told -> new JsonObject(),
                JsonObject::new,
                () -> true,
                Optional::empty,
                () -> Optional.of(since))
            .get("/exports");
    JsonArray list = (JsonArray) page.answer().json();
    assertEquals("the origin has not shown it", list.getJsonObject(0).getString("why"));
    assertEquals("only files of it were met", list.getJsonObject(1).getString("why"));
    vertx.close();
  }
}
