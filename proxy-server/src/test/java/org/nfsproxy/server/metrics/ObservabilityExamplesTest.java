package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.server.fakes.TlsOrigin;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.testing.Repository;

/** What examples/observability and the guide name is there. */
class ObservabilityExamplesTest {
  private static final Path ROOT = Repository.ROOT;
  private static final Path EXAMPLES = ROOT.resolve("examples/observability");
  private static final Pattern NAME =
      Pattern.compile(
          "\\b(?:nfs_proxy|process|jvm)_[a-z_]+[a-z](?![a-z_*{])|\\b(?:nfs_proxy|process|jvm)_[a-z_]+[a-z](?=\\{)");
  private static final Pattern FAMILY = Pattern.compile("# TYPE ([a-z_]+) ([a-z]+)");

  /** Those of a cluster, whose instances are not started for this. */
  private static final Set<String> OF_A_CLUSTER =
      Set.of(
          "nfs_proxy_cluster_joined",
          "nfs_proxy_cluster_instances",
          "nfs_proxy_cluster_lookups_total",
          "nfs_proxy_cluster_lookups_late_total",
          "nfs_proxy_cluster_entries_refused_total");

  /** Where the scrape below would be by HTTPS; AdminTlsTest looks for it there. */
  private static final String OF_ADMIN_TLS = "nfs_proxy_admin_certificate_expiry_timestamp_seconds";

  /** Only where locks are on; LockFaultsTest holds the guide to all of those. */
  private static final String OF_LOCKS = "nfs_proxy_locks_journal_writable";

  private static final Set<String> families = new TreeSet<>();
  private static final Set<String> series = new TreeSet<>();

  @BeforeAll
  static void scrape(@TempDir Path folder) throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    SSLContext server = certificates.origin(certificates.server("CN=origin"));
    try (FakeOrigin origin =
            FakeOrigin.start(connection -> TlsOrigin.secured(connection, server).echo());
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .origin("reservedPorts", "auto")
                .origin("tls", certificates.towardsOriginWithOwn("require"))
                .tls(certificates.tls("offer", "none"))
                .section("admin", new JsonObject().put("port", 0))
                .section(
                    "metrics",
                    new JsonObject()
                        .put("otlp", new JsonObject().put("url", "http://127.0.0.1:9/v1/metrics")))
                .section(
                    "audit", new JsonObject().put("file", folder.resolve("audit.log").toString()))
                .start();
        RawClient client = proxy.connect()) {
      client.ask(Wire.nfsNull(1));
      Matcher found = FAMILY.matcher(Scrape.of(proxy.adminPort()).text());
      while (found.find()) {
        add(found.group(1), found.group(2).equals("histogram"));
      }
    }
    OF_A_CLUSTER.forEach(name -> add(name, false));
    add(OF_ADMIN_TLS, false);
  }

  private static void add(String name, boolean isHistogram) {
    families.add(name);
    series.add(name);
    if (isHistogram) {
      series.add(name + "_bucket");
      series.add(name + "_sum");
      series.add(name + "_count");
    }
  }

  private static Set<String> namesIn(String text) {
    Set<String> names = new TreeSet<>();
    Matcher found = NAME.matcher(text);
    while (found.find()) {
      names.add(found.group());
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prometheus.yml",
        "nfs-proxy.rules.yml",
        "nfs-proxy.rules.test.yml",
        "grafana-dashboard.json"
      })
  void metrics_thatAnExampleNames_exist(String file) throws Exception {
    Set<String> names = namesIn(Files.readString(EXAMPLES.resolve(file)));
    assertFalse(names.isEmpty());
    names.removeAll(series);
    names.remove(OF_LOCKS);
    assertEquals(Set.of(), names);
  }

  @Test
  void dashboard_isJson_whosePanelsDoNotOverlap() throws Exception {
    JsonObject dashboard =
        new JsonObject(Files.readString(EXAMPLES.resolve("grafana-dashboard.json")));
    JsonArray panels = dashboard.getJsonArray("panels");
    Set<String> places = new TreeSet<>();
    for (int i = 0; i < panels.size(); i++) {
      JsonObject at = panels.getJsonObject(i).getJsonObject("gridPos");
      for (int x = 0; x < at.getInteger("w"); x++) {
        for (int y = 0; y < at.getInteger("h"); y++) {
          assertTrue(places.add((at.getInteger("x") + x) + "/" + (at.getInteger("y") + y)));
        }
      }
    }
  }

  @Test
  void guide_namesEachMetric_andNoOther() throws Exception {
    Set<String> names = namesIn(Files.readString(ROOT.resolve("docs/guide/observing.md")));
    Set<String> missing = new TreeSet<>(families);
    missing.removeAll(names);
    assertEquals(Set.of(), missing, "not in the guide");
    names.removeAll(series);
    names.removeIf(name -> name.startsWith("nfs_proxy_locks_")); // LockFaultsTest has those
    names.removeIf(name -> name.startsWith("nfs_proxy_cache_")); // CachedReadsTest has those
    assertEquals(Set.of(), names, "not there");
  }
}
