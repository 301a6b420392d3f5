package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Wire.words;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.LivePageEvents;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.top.Top;
import org.nfsproxy.server.top.TopSettings;
import org.nfsproxy.xdr.XdrWriter;

/** Known numbers of calls, and what {@code GET /metrics} says of them. */
class CountedCallsTest {
  private static final int NOENT = 2;
  private static final String MISSING = "missing";
  private static final byte[] STATEID = new byte[16];

  /** What clients other than Linux's put in front of their operations. */
  private static final List<String> TAGS =
      List.of("", "lookup", "GETATTR     ", "t".repeat(13), "x".repeat(1024));

  private final Map<String, Long> operations = new TreeMap<>();
  private final Map<String, Long> errors = new TreeMap<>();
  private final Map<String, Long> received = new TreeMap<>();
  private final Map<String, Long> sent = new TreeMap<>();
  private final Map<String, Long> byExport = new TreeMap<>();
  private final Map<String, Long> byClient = new TreeMap<>();
  private final Map<String, Long> pairs = new TreeMap<>();
  private FakeOrigin origin;
  private int xid;

  /** A call, and what is expected of it: what it is about first. */
  private record Kind(
      String version, List<String> executed, String failed, boolean hasExport, byte[] message) {}

  @BeforeEach
  void startOrigin() throws IOException {
    origin = FakeOrigin.start(CountedCallsTest::serve);
  }

  @AfterEach
  void stop() throws IOException {
    origin.close();
  }

  // What is called "missing" is not there: LOOKUP is the last operation that is executed then.
  private static void serve(FakeOriginConnection connection) throws IOException {
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      boolean isMissing = new String(call, StandardCharsets.ISO_8859_1).contains(MISSING);
      int status = isMissing ? NOENT : 0;
      boolean isCompound = Wire.word(call, 4) == 4 && Wire.word(call, 5) == 1;
      byte[] tag = isCompound ? tagOf(call) : new byte[0];
      int behind = 11 + tag.length / 4;
      int minor = isCompound ? Wire.word(call, behind) : 0;
      int count = isCompound ? Wire.word(call, behind + 1) : 0;
      int results = isMissing ? minor == 0 ? 2 : 3 : count;
      connection.send(
          Wire.reply(
              Wire.word(call, 0),
              isCompound
                  ? compound(status, Wire.word(call, 10), tag, results)
                  : words(status, 0, 0, 0)));
    }
  }

  /** A COMPOUND's tag with its padding. */
  private static byte[] tagOf(byte[] call) {
    int from = 11 * Integer.BYTES;
    return Arrays.copyOfRange(call, from, from + (Wire.word(call, 10) + 3 & ~3));
  }

  private static byte[] compound(int status, int tagLength, byte[] tag, int results) {
    return ByteBuffer.allocate(24 + tag.length)
        .putInt(status)
        .putInt(tagLength)
        .put(tag)
        .putInt(results)
        .array();
  }

  private Kind v3(String name, int procedure, int export, Consumer<XdrWriter> arguments) {
    byte[] root = PlacedBackend.root(export);
    byte[] message =
        Wire.call(++xid, Wire.NFS, 3, procedure, out -> arguments.accept(out.opaque(root)));
    boolean fails = new String(message, StandardCharsets.ISO_8859_1).contains(MISSING);
    return new Kind("3", List.of(name), fails ? name : null, true, message);
  }

  private Kind v4(
      int minor,
      List<String> executed,
      String failed,
      int operations,
      Consumer<XdrWriter> arguments) {
    byte[] message =
        Wire.call(
            ++xid,
            Wire.NFS,
            4,
            1,
            out ->
                arguments.accept(
                    out.string(TAGS.get(xid % TAGS.size())).int32(minor).int32(operations)));
    boolean hasExport = executed.contains("PUTFH");
    return new Kind("4." + minor, executed, failed, hasExport, message);
  }

  private static Consumer<XdrWriter> sequence() {
    return out -> out.int32(53).fixed(new byte[16]).int32(9).int32(0).int32(0).int32(0);
  }

  private static Consumer<XdrWriter> putfh(int export) {
    return out -> out.int32(22).opaque(PlacedBackend.root(export));
  }

  private static Consumer<XdrWriter> getattr() {
    return out -> out.int32(9).int32(1).int32(0x10);
  }

  private static Consumer<XdrWriter> lookup(String name) {
    return out -> out.int32(15).string(name).int32(10);
  }

  private static Consumer<XdrWriter> read() {
    return out -> out.int32(25).fixed(STATEID).int64(0).int32(100);
  }

  private List<Kind> kinds(int export) {
    return List.of(
        v3("GETATTR", 1, export, out -> {}),
        v3("LOOKUP", 3, export, out -> out.string("a")),
        v3("LOOKUP", 3, export, out -> out.string(MISSING)),
        v3("ACCESS", 4, export, out -> out.int32(1)),
        v3("READLINK", 5, export, out -> {}),
        v3("READ", 6, export, out -> out.int64(0).int32(100)),
        v3("WRITE", 7, export, out -> out.int64(0).int32(8).int32(0).opaque(new byte[8])),
        v3("REMOVE", 12, export, out -> out.string("a")),
        v3("READDIR", 16, export, out -> out.int64(0).int64(0).int32(100)),
        v3("FSSTAT", 18, export, out -> {}),
        v3("FSINFO", 19, export, out -> {}),
        v3("PATHCONF", 20, export, out -> {}),
        v3("COMMIT", 21, export, out -> out.int64(0).int32(0)),
        v4(0, List.of("GETATTR", "PUTFH"), null, 2, putfh(export).andThen(getattr())),
        v4(0, List.of("READ", "PUTFH"), null, 2, putfh(export).andThen(read())),
        v4(
            0,
            List.of("LOOKUP", "PUTFH", "GETFH", "GETATTR"),
            null,
            4,
            putfh(export).andThen(lookup("a")).andThen(getattr())),
        v4(
            0,
            List.of("LOOKUP", "PUTFH"),
            "LOOKUP",
            4,
            putfh(export).andThen(lookup(MISSING)).andThen(getattr())),
        v4(1, List.of("SEQUENCE"), null, 1, sequence()),
        v4(
            1,
            List.of("READ", "SEQUENCE", "PUTFH"),
            null,
            3,
            sequence().andThen(putfh(export)).andThen(read())),
        v4(
            1,
            List.of("LOOKUP", "SEQUENCE", "PUTFH"),
            "LOOKUP",
            5,
            sequence().andThen(putfh(export)).andThen(lookup(MISSING)).andThen(getattr())),
        v4(
            1,
            List.of("REMOVE", "SEQUENCE", "PUTFH", "GETATTR"),
            null,
            4,
            sequence()
                .andThen(putfh(export))
                .andThen(out -> out.int32(28).string("a"))
                .andThen(getattr())),
        v4(
            2,
            List.of("SEEK", "SEQUENCE", "PUTFH"),
            null,
            3,
            sequence()
                .andThen(putfh(export))
                .andThen(out -> out.int32(69).fixed(STATEID).int64(0).int32(0))),
        v4(
            2,
            List.of("COPY", "SEQUENCE", "PUTFH", "SAVEFH", "PUTFH"),
            null,
            5,
            sequence()
                .andThen(putfh(export))
                .andThen(out -> out.int32(32))
                .andThen(putfh(export))
                .andThen(
                    out ->
                        out.int32(60)
                            .fixed(STATEID)
                            .fixed(STATEID)
                            .int64(0)
                            .int64(0)
                            .int64(9)
                            .int32(0)
                            .int32(1)
                            .int32(0))),
        v4(
            2,
            List.of("GETATTR", "SEQUENCE", "PUTFH"),
            null,
            3,
            sequence().andThen(putfh(export)).andThen(getattr())));
  }

  private static String labels(String version, String operation) {
    return "program=\"nfs\",version=\"" + version + "\",operation=\"" + operation + "\"";
  }

  private static void add(Map<String, Long> to, String labels, long more) {
    to.merge("{" + labels + "}", more, Long::sum);
  }

  private void send(RawClient client, String address, String export, Kind kind) throws IOException {
    byte[] answer = client.ask(Wire.record(kind.message));
    assertEquals(Wire.word(kind.message, 0), Wire.word(answer, 0));
    String about = labels(kind.version, kind.executed.get(0));
    String where = kind.hasExport ? export : "none";
    kind.executed.forEach(each -> add(operations, labels(kind.version, each), 1));
    add(received, about, kind.message.length + 4);
    add(sent, about, answer.length + 4);
    add(byExport, "export=\"" + where + "\"", 1);
    add(byClient, "client=\"" + address + "\"", 1);
    add(pairs, "client=\"" + address + "\",export=\"" + where + "\"," + about, 1);
    if (kind.failed != null) {
      add(errors, labels(kind.version, kind.failed) + ",status=\"NOENT\"", 1);
    }
  }

  private ProxyUnderTest proxy(JsonArray rules, JsonObject metrics) throws Exception {
    JsonObject exports =
        new JsonObject()
            .put("parameters", new JsonObject().put("squash", "none").put("security", SECURITY))
            .put("rules", rules);
    return ProxyUnderTest.before(origin)
        .asking(backend -> new PlacedBackend(backend, List.of("/a", "/b")))
        .section("admin", ADMIN.copy())
        .section("exports", exports)
        .section("metrics", metrics)
        .start();
  }

  private static final JsonObject ADMIN =
      new JsonObject()
          .put("port", 0)
          .put("page", new JsonObject().put("eventMillis", 500).put("rowsMax", 1000));

  private static final JsonArray SECURITY = new JsonArray().add("none").add("sys");

  private static JsonArray rules(boolean areThere) {
    JsonArray rules = new JsonArray();
    return areThere ? rules.add(new JsonObject().put("path", "/c").put("access", "ro")) : rules;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void calls_ofEachVersion_fromThreeAddresses_toTwoExports_areCountedExactly(boolean areRuled)
      throws Exception {
    try (ProxyUnderTest proxy = proxy(rules(areRuled), new JsonObject())) {
      Eventually.eventually("two exports", () -> isPlaced(proxy));
      int times = 1;
      for (String address : List.of("127.0.0.1", "127.0.0.2", "127.0.0.3")) {
        try (RawClient client = RawClient.connectFrom(address, proxy.port())) {
          for (int export = 1; export <= 2; export++) {
            times = times * 5 % 7;
            for (int i = 0; i < times; i++) {
              for (Kind kind : kinds(export)) {
                send(client, address, export == 1 ? "/a" : "/b", kind);
              }
            }
          }
        }
      }
      byClient.put("{client=\"other\"}", 0L);
      byExport.putIfAbsent("{export=\"unknown\"}", 0L);
      byExport.putIfAbsent("{export=\"other\"}", 0L);
      Scrape scrape = Scrape.of(proxy.adminPort());
      assertEquals(operations, scrape.of("nfs_proxy_operations_total"));
      assertEquals(errors, scrape.of("nfs_proxy_operation_errors_total"));
      assertEquals(received, scrape.of("nfs_proxy_operation_received_bytes_total"));
      assertEquals(sent, scrape.of("nfs_proxy_operation_sent_bytes_total"));
      assertEquals(byExport, scrape.of("nfs_proxy_export_calls_total"));
      assertEquals(byClient, scrape.of("nfs_proxy_client_calls_total"));
      assertEquals(pairs, scrape.of("nfs_proxy_client_operations_total"));
      assertTrue(operations.size() >= 25, operations.toString());
      assertShown(LivePageEvents.first(proxy.adminPort()));
      assertShown(topJson(proxy.adminPort()));
    }
  }

  private static JsonObject topJson(int adminPort) {
    StringWriter out = new StringWriter();
    PrintWriter nothing = new PrintWriter(new StringWriter());
    String url = "http://127.0.0.1:" + adminPort;
    assertEquals(
        0, Top.json(TopSettings.of(url, "client", null, ""), new PrintWriter(out, true), nothing));
    return new JsonObject(out.toString());
  }

  // What the page and top show is what was sent, number by number.
  private void assertShown(JsonObject event) {
    Map<String, Long> shown = new TreeMap<>();
    Map<String, Long> shownErrors = new TreeMap<>();
    Map<String, Long> shownReceived = new TreeMap<>();
    Map<String, Long> shownSent = new TreeMap<>();
    for (JsonObject row : rows(event.getJsonArray("operations"))) {
      String labels = labels(row.getString("version"), row.getString("operation"));
      put(shown, labels, row.getLong("operations"));
      put(shownReceived, labels, row.getLong("bytesIn"));
      put(shownSent, labels, row.getLong("bytesOut"));
      row.getJsonObject("statuses")
          .forEach(
              status ->
                  put(
                      shownErrors,
                      labels + ",status=\"" + status.getKey() + "\"",
                      number(status.getValue())));
    }
    assertEquals(operations, shown);
    assertEquals(errors, shownErrors);
    assertEquals(received, shownReceived);
    assertEquals(sent, shownSent);
    assertEquals(called(byClient), flows(event, "client"));
    assertEquals(called(byExport), flows(event, "export"));
    Map<String, Long> shownPairs = new TreeMap<>();
    for (JsonObject row : rows(event.getJsonObject("pairs").getJsonArray("rows"))) {
      String labels =
          "client=\"%s\",export=\"%s\",%s"
              .formatted(
                  row.getString("client"),
                  row.getString("export"),
                  labels(row.getString("version"), row.getString("operation")));
      put(shownPairs, labels, row.getLong("calls"));
    }
    assertEquals(pairs, shownPairs);
    long all = byClient.values().stream().mapToLong(Long::longValue).sum();
    assertEquals(all, event.getJsonObject("all").getLong("calls"));
  }

  private static List<JsonObject> rows(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private static void put(Map<String, Long> to, String labels, long value) {
    if (value > 0) {
      add(to, labels, value);
    }
  }

  private static Map<String, Long> called(Map<String, Long> counts) {
    Map<String, Long> called = new TreeMap<>(counts);
    called.values().removeIf(count -> count == 0);
    return called;
  }

  private static Map<String, Long> flows(JsonObject event, String key) {
    Map<String, Long> flows = new TreeMap<>();
    for (JsonObject row : rows(event.getJsonObject(key + "s").getJsonArray("rows"))) {
      put(flows, key + "=\"" + row.getString(key) + "\"", row.getLong("calls"));
    }
    return flows;
  }

  @Test
  void pages_sayWhatIsCountedOfAnAddress_andOfAnExport() throws Exception {
    try (ProxyUnderTest proxy = proxy(rules(false), new JsonObject());
        RawClient one = RawClient.connectFrom("127.0.0.2", proxy.port());
        RawClient other = RawClient.connectFrom("127.0.0.2", proxy.port())) {
      Eventually.eventually("two exports", () -> isPlaced(proxy));
      for (RawClient client : List.of(one, other, other)) {
        for (Kind kind : kinds(2)) {
          send(client, "127.0.0.2", "/b", kind);
        }
      }
      long calls = byClient.get("{client=\"127.0.0.2\"}");
      JsonArray clients = new JsonArray(Scrape.body(proxy.adminPort(), "/clients"));
      assertEquals(2, clients.size());
      for (int i = 0; i < 2; i++) {
        JsonObject counted = clients.getJsonObject(i).getJsonObject("ofAddress");
        assertEquals(calls, counted.getLong("calls"));
        assertEquals(9, counted.getLong("errors"));
        assertTrue(counted.getDouble("originMillisP99") > 0);
      }
      JsonArray exports = new JsonArray(Scrape.body(proxy.adminPort(), "/exports"));
      for (int i = 0; i < exports.size(); i++) {
        JsonObject export = exports.getJsonObject(i);
        JsonObject counted = export.getJsonObject("counted");
        if ("/b".equals(export.getString("path"))) {
          assertEquals(byExport.get("{export=\"/b\"}"), counted.getLong("calls"));
        } else {
          assertNull(counted);
        }
      }
    }
  }

  @Test
  void closes_areCountedByReason_asInInfo() throws Exception {
    try (ProxyUnderTest proxy = proxy(rules(false), new JsonObject())) {
      try (RawClient client = proxy.connect()) {
        client.ask(Wire.nfsNull(1));
      }
      String metric = "nfs_proxy_connections_closed_total";
      String ended = "{reason=\"clientEnded\"}";
      Eventually.eventually("closed", () -> scrape(proxy).of(metric).get(ended) == 1);
      Map<String, Long> closes = new TreeMap<>();
      new JsonObject(Scrape.body(proxy.adminPort(), "/info"))
          .getJsonObject("closes")
          .forEach(
              each -> add(closes, "reason=\"" + each.getKey() + "\"", number(each.getValue())));
      assertEquals(closes, scrape(proxy).of(metric));
      assertTrue(closes.size() > 20, closes.toString());
    }
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  private static Scrape scrape(ProxyUnderTest proxy) {
    try {
      return Scrape.of(proxy.adminPort());
    } catch (IOException | InterruptedException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static boolean isPlaced(ProxyUnderTest proxy) {
    return scrape(proxy).of("nfs_proxy_exports").get("{state=\"connected\"}") >= 2;
  }

  @Test
  void nothing_isCounted_whereItIsSwitchedOff() throws Exception {
    try (ProxyUnderTest proxy = proxy(rules(false), new JsonObject().put("enabled", false));
        RawClient client = proxy.connect()) {
      client.ask(Wire.nfsNull(1));
      Scrape scrape = Scrape.of(proxy.adminPort());
      assertEquals(Map.of(), scrape.of("nfs_proxy_operations_total"));
      assertEquals(1L, scrape.of("nfs_proxy_ready").get(""));
    }
  }
}
