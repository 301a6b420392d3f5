package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Wire.words;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/** Whatever clients and origins make up, there are few labels, and the text is well formed. */
class InventedCallsTest {
  private static final Pattern OPERATION = Pattern.compile("operation=\"([^\"]*)\"");
  private static final Pattern STATUS = Pattern.compile("status=\"([^\"]*)\"");
  private static final String QUOTED = "/a\"b\\c";
  private static final String BROKEN = "/d\ne{f=\"g\"} 1\n# TYPE x counter";

  private final Random random = new Random(73);

  // Statuses of no RFC, and results that are none.
  private void serve(FakeOriginConnection connection) throws IOException {
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      int[] results = new int[random.nextInt(6)];
      for (int i = 0; i < results.length; i++) {
        results[i] = random.nextInt();
      }
      int accept = random.nextInt(4) == 0 ? random.nextInt() : 0;
      connection.send(
          Wire.record(Wire.concat(words(Wire.word(call, 0), 1, 0, 0, 0, accept), words(results))));
    }
  }

  private static Set<String> values(Scrape scrape, Pattern label) {
    Set<String> values = new TreeSet<>();
    Matcher found = label.matcher(scrape.text());
    while (found.find()) {
      values.add(found.group(1));
    }
    return values;
  }

  private byte[] call(int xid) {
    int procedure = random.nextBoolean() ? random.nextInt(30) : random.nextInt();
    int version = random.nextBoolean() ? 2 + random.nextInt(3) : random.nextInt();
    int program = random.nextInt(4) == 0 ? random.nextInt() : Wire.NFS;
    byte[] arguments = new byte[4 * random.nextInt(20)];
    random.nextBytes(arguments);
    return Wire.call(xid, program, version, procedure, out -> out.fixed(arguments));
  }

  private byte[] compound(int xid, int minor, int operations) {
    Consumer<XdrWriter> all =
        out -> {
          for (int i = 0; i < operations; i++) {
            boolean isPut = random.nextBoolean();
            out.int32(isPut ? 22 : 9 + random.nextInt(2) * 15);
            if (isPut) {
              byte[] handle = new byte[8 + random.nextInt(24)];
              random.nextBytes(handle);
              out.opaque(handle);
            } else {
              out.int32(0);
            }
          }
        };
    return Wire.call(
        xid, Wire.NFS, 4, 1, out -> all.accept(out.string("tag").int32(minor).int32(operations)));
  }

  @Test
  void inventedNumbersStatusesHandlesAddressesAndPaths_leaveFewLabels_wellFormed()
      throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(this::serve);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .asking(backend -> new PlacedBackend(backend, List.of(QUOTED, BROKEN)))
                .section("admin", new JsonObject().put("port", 0))
                .section(
                    "exports",
                    new JsonObject()
                        .put(
                            "parameters",
                            new JsonObject()
                                .put("squash", "none")
                                .put("security", new JsonArray().add("none"))))
                .section(
                    "metrics",
                    new JsonObject().put("clients", 20).put("pairs", 60).put("pairsPerClient", 5))
                .balancers(5_000, "127.0.0.1")
                .start()) {
      Eventually.eventually("two exports", () -> isPlaced(proxy));
      for (int i = 0; i < 200; i++) {
        try (RawClient client = RawClient.connect(proxy.balancerPort())) {
          client.send(
              "PROXY TCP4 10.%d.%d.%d 127.0.0.1 1000 2049\r\n"
                  .formatted(random.nextInt(256), i / 256, i % 256)
                  .getBytes(StandardCharsets.US_ASCII));
          for (int export = 1; export <= 2; export++) {
            byte[] root = PlacedBackend.root(export);
            assertNotNull(
                client.ask(Wire.record(Wire.call(9, Wire.NFS, 3, 1, out -> out.opaque(root)))));
          }
          for (int xid = 10; xid < 20; xid++) {
            assertNotNull(client.ask(Wire.record(call(xid))));
          }
          assertNotNull(client.ask(Wire.record(compound(20, random.nextInt(3), 900))));
          assertNotNull(client.ask(Wire.record(compound(21, random.nextInt(), 3))));
        }
      }
      Scrape scrape = Scrape.of(proxy.adminPort());
      Map<String, Long> clients = scrape.of("nfs_proxy_client_calls_total");
      assertEquals(21, clients.size());
      assertEquals(200 * 14, clients.values().stream().mapToLong(each -> each).sum());
      assertEquals(
          Set.of("2", "3", "4", "4.0", "4.1", "4.2", "other"), values(scrape, VERSION_OF_CALLS));
      assertTrue(values(scrape, OPERATION).size() < 60, () -> "" + values(scrape, OPERATION));
      values(scrape, STATUS).forEach(status -> assertTrue(isName(status), status));
      assertTrue(values(scrape, STATUS).contains("other"));
      Map<String, Long> exports = scrape.of("nfs_proxy_export_calls_total");
      assertEquals(200, exports.get("{export=\"/a\\\"b\\\\c\"}"));
      assertEquals(
          200,
          exports.get("{export=\"" + BROKEN.replace("\"", "\\\"").replace("\n", "\\n") + "\"}"));
      assertEquals(5, exports.size());
      int pairs = scrape.of("nfs_proxy_client_operations_total").size();
      assertTrue(pairs <= 60 + OperationRows.count(), pairs + " pairs");
    }
  }

  private static final Pattern VERSION_OF_CALLS =
      Pattern.compile("nfs_proxy_operations_total\\{program=\"[^\"]*\",version=\"([^\"]*)\"");

  private static boolean isName(String status) {
    for (int i = 0; i < StatusNames.count(); i++) {
      if (StatusNames.name(i).equals(status)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPlaced(ProxyUnderTest proxy) {
    try {
      return Scrape.of(proxy.adminPort()).of("nfs_proxy_exports").get("{state=\"connected\"}") >= 2;
    } catch (IOException | InterruptedException broken) {
      throw new IllegalStateException(broken);
    }
  }
}
