package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// A collector that reads what it gets, and compares it with a scrape.
class OtlpPushTest {
  private static final int CALLS = 5;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final List<JsonObject> pushed = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private HttpServer collector;
  private FakeOrigin origin;

  @BeforeEach
  void open() throws IOException {
    origin = FakeOrigin.start(FakeOriginConnection::echo);
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext("/v1/metrics", this::take);
    collector.start();
  }

  @AfterEach
  void close() throws IOException {
    collector.stop(0);
    origin.close();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange;
        GZIPInputStream body = new GZIPInputStream(exchange.getRequestBody())) {
      assertEquals("application/json", exchange.getRequestHeaders().getFirst("Content-Type"));
      String json = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      if (status == 200) {
        tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
        pushed.add(new JsonObject(json));
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private ProxyUnderTest proxy() throws Exception {
    String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics";
    JsonObject otlp =
        new JsonObject()
            .put("url", url)
            .put("periodMillis", 1000)
            .put("headers", new JsonArray().add("Authorization: Bearer secret"));
    return ProxyUnderTest.before(origin)
        .section("admin", new JsonObject().put("port", 0))
        .section("metrics", new JsonObject().put("otlp", otlp))
        .start();
  }

  private static String scrape(ProxyUnderTest proxy) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + proxy.adminPort() + "/metrics");
      return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException closedWhileIdle) {
      return "";
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static Map<String, JsonObject> metrics(JsonObject push) {
    JsonArray metrics =
        push.getJsonArray("resourceMetrics")
            .getJsonObject(0)
            .getJsonArray("scopeMetrics")
            .getJsonObject(0)
            .getJsonArray("metrics");
    Map<String, JsonObject> byName = new TreeMap<>();
    for (int i = 0; i < metrics.size(); i++) {
      JsonObject metric = metrics.getJsonObject(i);
      assertEquals(null, byName.put(metric.getString("name"), metric), "named twice");
    }
    return byName;
  }

  private static JsonObject nulls(JsonObject metric, String kind) {
    JsonArray points = metric.getJsonObject(kind).getJsonArray("dataPoints");
    return IntStream.range(0, points.size())
        .mapToObj(points::getJsonObject)
        .filter(point -> point.getJsonArray("attributes").encode().contains("\"NULL\""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void push_hasTheNumbersOfAScrape() throws Exception {
    try (ProxyUnderTest proxy = proxy();
        RawClient client = proxy.connect()) {
      for (int i = 0; i < CALLS; i++) {
        client.ask(Wire.nfsNull(i));
      }
      int before = pushed.size();
      Eventually.eventually("two more pushes", () -> pushed.size() >= before + 2);
      Map<String, JsonObject> metrics = metrics(pushed.get(pushed.size() - 1));
      assertEquals(families(scrape(proxy)), List.copyOf(metrics.keySet()));

      JsonObject counted = nulls(metrics.get("nfs_proxy_operations_total"), "sum");
      assertEquals("" + CALLS, counted.getString("asInt"));
      JsonObject sum = metrics.get("nfs_proxy_operations_total").getJsonObject("sum");
      assertEquals(2, sum.getInteger("aggregationTemporality"));
      assertTrue(sum.getBoolean("isMonotonic"));
      assertTrue(
          Long.parseLong(counted.getString("startTimeUnixNano"))
              < Long.parseLong(counted.getString("timeUnixNano")));

      JsonObject times = nulls(metrics.get("nfs_proxy_call_origin_seconds"), "histogram");
      JsonArray buckets = times.getJsonArray("bucketCounts");
      assertEquals("" + CALLS, times.getString("count"));
      assertEquals(times.getJsonArray("explicitBounds").size() + 1, buckets.size());
      long inBuckets =
          IntStream.range(0, buckets.size())
              .mapToLong(i -> Long.parseLong(buckets.getString(i)))
              .sum();
      assertEquals(CALLS, inBuckets);
      assertTrue(times.getDouble("sum") > 0);
      assertEquals("Bearer secret", tokens.get(0));
    }
  }

  private static List<String> families(String scrape) {
    return scrape
        .lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" ")[2])
        .sorted()
        .collect(Collectors.toList());
  }

  private static boolean hasFailures(ProxyUnderTest proxy, int atLeast) {
    return scrape(proxy)
        .lines()
        .filter(line -> line.startsWith("nfs_proxy_otlp_failures_total "))
        .anyMatch(line -> Integer.parseInt(line.split(" ")[1]) >= atLeast);
  }

  @Test
  void collectorThatRefuses_isToldOnce_andCounted_andTakesAgain() throws Exception {
    status = 503;
    try (LogLines log = LogLines.of(OtlpPush.class);
        ProxyUnderTest proxy = proxy()) {
      Eventually.eventually("three failures", () -> hasFailures(proxy, 3));
      assertEquals(1, log.lines().stream().filter(line -> line.contains("503")).count());
      status = 200;
      Eventually.eventually(
          "it is told", () -> log.lines().stream().anyMatch(line -> line.contains("again")));
    }
  }
}
