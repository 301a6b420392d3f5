package org.nfsproxy.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Wire.words;

import io.netty.buffer.ByteBufUtil;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.AdminPages;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.metrics.PlacedBackend;
import org.nfsproxy.xdr.XdrWriter;

/** What the audit log says of calls through a whole proxy. */
class AuditedCallsTest {
  private static final int NOENT = 2;
  private static final int GSS = 6;
  private static final int PUTFH = 22;
  private static final int SAVEFH = 32;
  private static final int LOOKUP = 15;
  private static final int GETATTR = 9;
  private static final int REMOVE = 28;
  private static final int RENAME = 29;
  private static final int LINK = 11;
  private static final int SETXATTR = 73;

  /** Results of PUTFH, REMOVE, PUTFH. */
  private static final byte[] ALLOWED = words(PUTFH, 0, REMOVE, 0, 1, 0, 0, 0, 0, PUTFH, 0);

  private static final byte[] ROOT = PlacedBackend.root(1);
  private static final String HEX = ByteBufUtil.hexDump(ROOT);

  @TempDir private Path folder;
  private Path file;
  private FakeOrigin origin;
  private int xid;

  @BeforeEach
  void startOrigin() throws IOException {
    file = folder.resolve("audit.log");
    origin = FakeOrigin.start(AuditedCallsTest::serve);
  }

  @AfterEach
  void stop() throws IOException {
    origin.close();
  }

  // What has "missing3" in it fails at the third operation, "gone" has no reply, all else works. A
  // COMPOUND's tag is repeated.
  private static void serve(FakeOriginConnection connection) throws IOException {
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      String text = new String(call, StandardCharsets.ISO_8859_1);
      if (text.contains("gone")) {
        return;
      }
      int at = text.indexOf("missing");
      int status = at < 0 ? 0 : NOENT;
      if (Wire.word(call, 3) == Wire.NFS
          && Wire.word(call, 4) == 4
          && Wire.word(call, 5) == 1
          && Wire.word(call, 6) != GSS) {
        int arguments = 10 + Wire.word(call, 7) / 4;
        int tag = Wire.word(call, arguments);
        int tagWords = (tag + 3) / 4;
        int count = Wire.word(call, arguments + 2 + tagWords);
        int results = at < 0 ? count : text.charAt(at + 7) - '0';
        byte[] head = Arrays.copyOfRange(call, 4 * arguments, 4 * (arguments + 1 + tagWords));
        byte[] bodies = text.contains("allowed") ? ALLOWED : words(0, 0, 0);
        connection.send(
            Wire.reply(
                Wire.word(call, 0), Wire.concat(words(status), head, words(results), bodies)));
      } else {
        connection.send(Wire.reply(Wire.word(call, 0), words(status, 0, 0, 0)));
      }
    }
  }

  private ProxyUnderTest proxy(JsonObject audit, JsonArray rules) throws Exception {
    JsonObject exports =
        new JsonObject()
            .put("parameters", new JsonObject().put("squash", "all"))
            .put("rules", rules);
    return ProxyUnderTest.before(origin)
        .asking(backend -> new PlacedBackend(backend, List.of("/a", "/b")))
        .section("admin", new JsonObject().put("port", 0))
        .section("audit", audit.put("file", file.toString()))
        .section("exports", exports)
        .start();
  }

  private ProxyUnderTest proxy() throws Exception {
    ProxyUnderTest started = proxy(new JsonObject(), new JsonArray());
    Eventually.eventually("exports", () -> isPlaced(started));
    return started;
  }

  private static boolean isPlaced(ProxyUnderTest proxy) {
    try {
      return AdminPages.ask(proxy, "GET", "/exports").body().contains("\"/b\"");
    } catch (IOException notYet) {
      return false;
    }
  }

  private static byte[] credential() {
    return Wire.xdr(out -> out.int32(0).string("c").int32(1000).int32(100).int32(0));
  }

  private byte[] v3(int procedure, Consumer<XdrWriter> arguments) {
    return Wire.call(++xid, Wire.NFS, 3, procedure, 1, credential(), arguments);
  }

  private byte[] v4(String tag, int operations, Consumer<XdrWriter> arguments) {
    return Wire.call(
        ++xid,
        Wire.NFS,
        4,
        1,
        1,
        credential(),
        out -> arguments.accept(out.string(tag).int32(0).int32(operations)));
  }

  private static Consumer<XdrWriter> name(int operation, String name) {
    return out -> out.int32(operation).string(name);
  }

  private static Consumer<XdrWriter> putfh() {
    return out -> out.int32(PUTFH).opaque(ROOT);
  }

  private static Consumer<XdrWriter> all(List<Consumer<XdrWriter>> operations) {
    return out -> operations.forEach(each -> each.accept(out));
  }

  private void ask(RawClient client, byte[] message) throws IOException {
    client.ask(Wire.record(message));
  }

  private List<JsonObject> events() {
    try {
      List<JsonObject> events = new ArrayList<>();
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        JsonObject event = new JsonObject(line);
        if (!Set.of("begin", "end").contains(event.getString("event"))) {
          events.add(event);
        }
      }
      return events;
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  private List<JsonObject> events(int count) {
    Eventually.eventually(count + " events", () -> events().size() >= count);
    List<JsonObject> events = events();
    assertEquals(count, events.size(), events::toString);
    return events;
  }

  private static String inShort(JsonObject event) {
    List<String> objects = new ArrayList<>();
    for (Object each : event.getJsonArray("objects")) {
      JsonObject object = (JsonObject) each;
      String handle = object.getString("handle");
      String names =
          String.join("/", object.getJsonArray("names").stream().map(String::valueOf).toList());
      objects.add((handle == null ? "root" : handle.equals(HEX) ? "a" : handle) + ":" + names);
    }
    return "%s %s %s %s"
        .formatted(
            event.getString("event"),
            event.getString("operation"),
            String.join(" ", objects),
            event.getString("status"));
  }

  private List<String> shorts(int count) {
    return events(count).stream().map(AuditedCallsTest::inShort).toList();
  }

  @Test
  void changesOfVersion3_areToldWithNamesAndHandles_andReadsAreNot() throws Exception {
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      ask(client, v3(1, out -> out.opaque(ROOT)));
      ask(client, v3(3, out -> out.opaque(ROOT).string("looked up")));
      ask(client, v3(12, out -> out.opaque(ROOT).string("file")));
      ask(client, v3(14, out -> out.opaque(ROOT).string("from").opaque(ROOT).string("to")));
      ask(client, v3(15, out -> out.opaque(new byte[4]).opaque(ROOT).string("link")));
      ask(client, v3(7, out -> out.opaque(ROOT).int64(0).int32(4).int32(0).opaque(new byte[4])));
      ask(client, v3(13, out -> out.opaque(ROOT).string("missing")));
      assertEquals(
          List.of(
              "change REMOVE a:file OK",
              "change RENAME a:from a:to OK",
              "change LINK 00000000: a:link OK",
              "change WRITE a: OK",
              "change RMDIR a:missing NOENT"),
          shorts(5));
      JsonObject first = events().get(0);
      assertEquals("127.0.0.1", first.getString("client"));
      assertEquals(client.socket().getLocalPort(), first.getInteger("port"));
      assertEquals("00000003", first.getString("xid"));
      assertEquals("nfs", first.getString("program"));
      assertEquals("3", first.getString("version"));
      assertEquals("/a", first.getString("export"));
      assertEquals("sys", first.getString("flavor"));
      assertEquals(1000, first.getInteger("uid"));
      assertEquals(100, first.getInteger("gid"));
      assertEquals(true, first.getBoolean("answered"));
      assertTrue(
          AdminPages.ask(proxy, "GET", "/metrics")
              .body()
              .contains("nfs_proxy_audit_events_total 5"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a tag", "a tag that is as long as some clients make them, and longer"})
  void compound_hasAnEventForEachChangeThatWasExecuted(String tag) throws Exception {
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      ask(
          client,
          v4(
              tag,
              6,
              all(
                  List.of(
                      putfh(),
                      name(LOOKUP, "dir"),
                      name(REMOVE, "one"),
                      name(REMOVE, "missing4"),
                      name(REMOVE, "three"),
                      out -> out.int32(GETATTR).int32(1).int32(2)))));
      ask(client, v4(tag, 2, all(List.of(putfh(), name(LOOKUP, "read only")))));
      ask(
          client,
          v4(
              tag,
              5,
              all(
                  List.of(
                      putfh(),
                      name(LOOKUP, "x"),
                      out -> out.int32(SAVEFH),
                      putfh(),
                      out -> out.int32(RENAME).string("old").string("new")))));
      ask(
          client,
          v4(tag, 4, all(List.of(putfh(), out -> out.int32(SAVEFH), putfh(), name(LINK, "hard")))));
      assertEquals(
          List.of(
              "change REMOVE a:dir/one OK",
              "change REMOVE a:dir/missing4 NOENT",
              "change RENAME a:x/old a:new OK",
              "change LINK a: a:hard OK"),
          shorts(4));
      assertEquals("4.0", events().get(0).getString("version"));
    }
  }

  // Its beginning is judged too, and is no call by itself.
  @ParameterizedTest
  @ValueSource(ints = {1000, 300_000, 2_000_000})
  void write_thatLeavesBeforeItsEnd_hasOneEvent(int bytes) throws Exception {
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      byte[] payload = new byte[bytes];
      for (int i = 0; i < 3; i++) {
        ask(client, v3(7, out -> out.opaque(ROOT).int64(0).int32(bytes).int32(0).opaque(payload)));
      }
      assertEquals(List.of("change WRITE a: OK"), shorts(3).stream().distinct().toList());
    }
  }

  // A newer origin may know it, and it may change anything.
  @Test
  void operationThatNobodyHereKnows_isTold_whereItIsForwarded() throws Exception {
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      ask(client, v4("", 3, all(List.of(putfh(), name(LOOKUP, "x"), out -> out.int32(4711)))));
      byte[] ofMinor9 =
          Wire.call(
              ++xid, Wire.NFS, 4, 1, 1, credential(), out -> out.string("").int32(9).int32(1));
      ask(client, ofMinor9);
      assertEquals(List.of("change operation 4711  OK", "change COMPOUND  OK"), shorts(2));
    }
  }

  @Test
  void extendedAttribute_isToldByItsName() throws Exception {
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      byte[] message =
          Wire.call(
              ++xid,
              Wire.NFS,
              4,
              1,
              out -> {
                out.string("").int32(2).int32(3);
                out.int32(53).fixed(new byte[16]).int32(9).int32(0).int32(0).int32(0);
                putfh().accept(out);
                out.int32(SETXATTR).int32(0).string("user.colour").string("red");
              });
      ask(client, message);
      JsonObject event = events(1).get(0);
      assertEquals("change SETXATTR a: OK", inShort(event));
      assertEquals("user.colour", event.getString("attribute"));
    }
  }

  @Test
  void name_ofNewlinesAndQuotes_staysOnItsLine() throws Exception {
    String evil = "\n\"}{\r\\".repeat(42) + "\u202e\u009b";
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      for (int i = 0; i < 50; i++) {
        ask(client, v3(12, out -> out.opaque(ROOT).string(evil)));
      }
      List<JsonObject> events = events(50);
      String told =
          events.get(0).getJsonArray("objects").getJsonObject(0).getJsonArray("names").getString(0);
      assertEquals(evil.replace("\\", "\\\\"), told);
    }
  }

  private static JsonArray readOnly() {
    return new JsonArray().add(new JsonObject().put("path", "/a").put("access", "ro"));
  }

  @Test
  void refusals_areToldWithRuleAndKey_andWhatWentBeforeAsDone() throws Exception {
    try (ProxyUnderTest proxy = proxy(new JsonObject(), readOnly());
        RawClient client = proxy.connect()) {
      ask(client, v3(12, out -> out.opaque(ROOT).string("file")));
      ask(
          client,
          v4(
              "",
              5,
              all(
                  List.of(
                      out -> out.int32(PUTFH).opaque(PlacedBackend.root(2)),
                      name(REMOVE, "allowed"),
                      putfh(),
                      name(REMOVE, "refused"),
                      name(REMOVE, "behind it")))));
      List<JsonObject> events = events(3);
      assertEquals("refusal REMOVE a:file ROFS", inShort(events.get(0)));
      assertEquals("access", events.get(0).getString("key"));
      assertEquals("path /a", events.get(0).getString("rule"));
      assertEquals("/a", events.get(0).getString("export"));
      String hex = ByteBufUtil.hexDump(PlacedBackend.root(2));
      assertEquals("change REMOVE " + hex + ":allowed OK", inShort(events.get(1)));
      assertEquals("refusal REMOVE a:refused ROFS", inShort(events.get(2)));
    }
  }

  // Whoever asks and does not wait for the answer has asked all the same.
  @Test
  void refusal_whoseClientIsGone_isTold() throws Exception {
    try (ProxyUnderTest proxy = proxy(new JsonObject(), readOnly())) {
      Eventually.eventually("exports", () -> isPlaced(proxy));
      for (int i = 0; i < 40; i++) {
        RawClient client = proxy.connect();
        byte[] refused = Wire.record(v3(12, out -> out.opaque(ROOT).string("file")));
        client.send(refused, refused, refused);
        LockSupport.parkNanos(i * 100_000);
        client.reset();
      }
      Eventually.eventually(
          "as many events as refusals",
          () -> {
            try {
              String rules = AdminPages.ask(proxy, "GET", "/rules").body();
              int refused = new JsonArray(rules).getJsonObject(0).getInteger("refusals");
              return refused > 0 && refused == events().size();
            } catch (IOException broken) {
              return false;
            }
          });
    }
  }

  @Test
  void call_withoutAReply_isTold_sinceItMayHaveBeenExecuted() throws Exception {
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      client.send(Wire.record(v3(12, out -> out.opaque(ROOT).string("gone"))));
      client.awaitClosed();
      JsonObject event = events(1).get(0);
      assertEquals("change REMOVE a:gone null", inShort(event));
      assertEquals(false, event.getBoolean("answered"));
    }
  }

  @Test
  void underKerberos_whatCannotBeRead_isSaidToBeUnreadable() throws Exception {
    byte[] gss =
        Wire.xdr(out -> out.int32(1).int32(0).int32(1).int32(3).opaque(new byte[] {1, 2, 3, 4}));
    JsonObject open = new JsonObject().put("squash", "none");
    try (ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .section("admin", new JsonObject().put("enabled", false))
                .section("audit", new JsonObject().put("file", file.toString()))
                .section("exports", new JsonObject().put("parameters", open))
                .start();
        RawClient client = proxy.connect()) {
      ask(client, Wire.call(++xid, Wire.NFS, 3, 1, 6, gss, out -> out.opaque(new byte[40])));
      ask(client, Wire.call(++xid, Wire.NFS, 3, 12, 6, gss, out -> out.opaque(new byte[40])));
      ask(client, Wire.call(++xid, Wire.NFS, 4, 1, 6, gss, out -> out.opaque(new byte[40])));
      List<JsonObject> events = events(2);
      assertEquals("unreadable REMOVE  null", inShort(events.get(0)));
      assertEquals("unreadable COMPOUND  null", inShort(events.get(1)));
      assertEquals("krb5p", events.get(0).getString("flavor"));
      assertNull(events.get(0).getInteger("uid"));
      assertNull(events.get(0).getString("export"));
    }
  }

  @Test
  void operationsThatAreLeftOut_haveNoEvents_andNeitherHasWhatWasNotAskedFor() throws Exception {
    JsonObject audit =
        new JsonObject()
            .put("what", new JsonArray().add("changes"))
            .put("without", new JsonArray().add("WRITE"));
    try (ProxyUnderTest proxy = proxy(audit, readOnly());
        RawClient client = proxy.connect()) {
      byte[] other = PlacedBackend.root(2);
      ask(client, v3(12, out -> out.opaque(ROOT).string("refused")));
      ask(client, v3(7, out -> out.opaque(other).int64(0).int32(4).int32(0).opaque(new byte[4])));
      ask(client, v3(12, out -> out.opaque(other).string("told")));
      assertEquals(List.of("change REMOVE " + ByteBufUtil.hexDump(other) + ":told OK"), shorts(1));
    }
  }

  @Test
  void fileThatBecomesADirectory_isToldOnce_andCallsGoOn_andWhatIsMissingIsTold() throws Exception {
    try (LogLines log = LogLines.of(AuditLog.class);
        ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      ask(client, v3(12, out -> out.opaque(ROOT).string("one")));
      events(1);
      log.take();
      Files.delete(file);
      Files.createDirectory(file);
      Eventually.eventually(
          "it is told",
          () -> {
            try {
              ask(client, v3(12, out -> out.opaque(ROOT).string("two")));
            } catch (IOException closed) {
              throw new IllegalStateException(closed);
            }
            return !log.lines().isEmpty();
          });
      for (int i = 0; i < 100; i++) {
        ask(client, v3(12, out -> out.opaque(ROOT).string("three")));
      }
      Files.delete(file);
      Eventually.eventually("it is written", () -> Files.exists(file) && !events().isEmpty());
      assertEquals("dropped", events().get(0).getString("event"));
      assertEquals("file", events().get(0).getString("why"));
      assertTrue(events().get(0).getInteger("calls") >= 100);
      List<String> lines = log.lines();
      assertEquals(2, lines.size(), lines::toString);
      assertTrue(lines.get(0).contains("which is a directory"), lines::toString);
      assertTrue(lines.get(1).contains("takes audit events again"), lines::toString);
      assertTrue(
          AdminPages.ask(proxy, "GET", "/metrics")
              .body()
              .contains("nfs_proxy_audit_dropped_calls_total{why=\"file\"}"));
    }
  }
}
