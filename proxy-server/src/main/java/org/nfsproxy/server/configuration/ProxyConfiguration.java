package org.nfsproxy.server.configuration;

import io.vertx.core.json.JsonObject;
import org.nfsproxy.configuration.Section;

/**
 * All that the proxy server itself is told. What the backend is told, the backend reads.
 *
 * @param listen where clients are accepted
 * @param exports what holds for the exports that are found
 * @param discovery what is known of the origin's filesystems
 * @param cluster the other instances of this proxy
 * @param markName what clients and origin know this proxy by
 * @param admin where the administrator looks
 * @param log what is written to the log
 * @param audit the log of who changed what
 * @param capture the most that a capture of calls may be
 * @param cache the cache of what was read
 * @param locks locks of NFSv3
 * @param drain how clients are sent away
 * @param reload how changes of the file are noticed
 * @param workers threads that judge calls, 1 or more
 * @param listeners listener verticles, 1 or more
 */
public record ProxyConfiguration(
    Listen listen,
    Limits limits,
    Calls calls,
    ExportRules exports,
    DiscoverySettings discovery,
    Cluster cluster,
    MarkName markName,
    Admin admin,
    MetricsSettings metrics,
    LogSettings log,
    Audit audit,
    CaptureSettings capture,
    CacheSettings cache,
    Locks locks,
    Drain drain,
    Reload reload,
    int workers,
    int listeners) {

  static ProxyConfiguration read(JsonObject json, Section root) {
    Section limits = root.section("limits");
    Cluster cluster = Cluster.read(root.section("cluster"));
    MetricsSettings metrics = MetricsSettings.read(root.section("metrics"));
    Listen listen = Listen.read(root.section("listen"));
    ExportRules exports = ExportRules.read(root.section("exports"));
    if (root.problems().isEmpty()) {
      UnmetRules.warn(root.section("exports"), exports.rules(), listen.tls());
    }
    return new ProxyConfiguration(
        listen,
        Limits.read(limits),
        Calls.read(root.section("calls")),
        exports,
        DiscoverySettings.read(root.section("discovery"), limits),
        cluster,
        MarkName.of(json, cluster.name()),
        Admin.read(root.section("admin")),
        metrics,
        LogSettings.read(root.section("log"), metrics.enabled()),
        Audit.read(root.section("audit"), metrics.enabled()),
        CaptureSettings.read(root.section("capture")),
        CacheSettings.read(root.section("cache"), cluster),
        Locks.read(root.section("locks"), cluster.enabled(), listen.host()),
        Drain.read(root.section("drain")),
        Reload.read(root.section("reload")),
        orCores(Keys.WORKERS.in(root)),
        orCores(Keys.LISTENERS.in(root)));
  }

  /**
   * What an empty file says; for tests, and for whoever starts a proxy without a file.
   *
   * @return every key at its default
   */
  public static ProxyConfiguration standard() {
    JsonObject empty = new JsonObject();
    return read(empty, new Section(empty));
  }

  /**
   * This configuration with what a newer one can change while the proxy runs: the keys whose {@link
   * org.nfsproxy.configuration.Applied} is {@code AT_ONCE}.
   *
   * @param newer what the file says now
   * @return what is in force then
   */
  public ProxyConfiguration adopting(ProxyConfiguration newer) {
    return new ProxyConfiguration(
        listen,
        limits.adopting(newer.limits),
        calls.adopting(newer.calls),
        newer.exports,
        discovery,
        cluster,
        markName,
        admin,
        metrics,
        log.adopting(newer.log),
        audit,
        capture,
        cache,
        locks,
        drain,
        newer.reload,
        workers,
        listeners);
  }

  private static int orCores(int count) {
    return count == 0 ? Runtime.getRuntime().availableProcessors() : count;
  }
}
