package org.nfsproxy.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.OriginProtection;
import org.nfsproxy.backend.Reachability;
import org.nfsproxy.server.admin.Guard;
import org.nfsproxy.server.listen.Listeners;
import org.nfsproxy.server.tls.ServerTls;
import org.nfsproxy.server.tls.TlsMaterial;
import org.nfsproxy.tls.CertificateFacts;

/** What is said of this instance: who it is, and what runs. */
final class InstancePage {
  private final String instance;
  private final Instant since = Instant.now();
  private final Backend backend;
  private final Listeners listeners;
  private final @Nullable ServerTls tls;
  private final Supplier<Guard> guard;

  InstancePage(
      String instance,
      Backend backend,
      Listeners listeners,
      @Nullable ServerTls tls,
      Supplier<Guard> guard) {
    this.instance = instance;
    this.backend = backend;
    this.listeners = listeners;
    this.tls = tls;
    this.guard = guard;
  }

  /**
   * Now.
   *
   * @param serving whether clients should be sent here
   */
  JsonObject json(boolean serving) {
    JsonArray programs = new JsonArray();
    backend
        .programs()
        .forEach(
            served ->
                programs.add(
                    new JsonObject()
                        .put("program", served.program())
                        .put("low", served.low())
                        .put("high", served.high())));
    JsonObject counts = new JsonObject();
    Map<String, Long> sorted = new TreeMap<>(backend.counts());
    sorted.forEach(counts::put);
    JsonObject closes = new JsonObject();
    listeners.closes().forEach(closes::put);
    ServerTls adminTls = guard.get().tls();
    int balancerPort = listeners.proxyProtocolPort();
    return new JsonObject()
        .put("instance", instance)
        .put("version", version())
        .put("java", Runtime.version().toString())
        .put("since", since.toString())
        .put("origin", backend.origin())
        .put("reachability", backend.reachability().map(InstancePage::json).orElse(null))
        .put("serving", serving)
        .put("port", listeners.port())
        .put("proxyProtocolPort", balancerPort < 0 ? null : balancerPort)
        .put("tls", tls == null ? null : json(tls))
        .put("originTls", backend.protection().map(InstancePage::json).orElse(null))
        .put("adminTls", adminTls == null ? null : certificate(adminTls.material()))
        .put("programs", programs)
        .put("connections", listeners.connections())
        .put("recordBytesHeld", listeners.recordBytesHeld())
        .put("closes", closes)
        .put("counts", counts);
  }

  private JsonObject json(ServerTls shown) {
    JsonObject handshakes = new JsonObject();
    listeners.handshakes().forEach(handshakes::put);
    JsonObject transports = new JsonObject();
    listeners.transports().forEach((each, count) -> transports.put(each.word(), count));
    return certificate(shown.material())
        .put("clients", shown.clients().name().toLowerCase(Locale.ROOT))
        .put("connections", transports)
        .put("handshakes", handshakes)
        .put("handshakesUnderWay", listeners.handshakesUnderWay());
  }

  private static JsonObject json(OriginProtection now) {
    JsonObject handshakes = new JsonObject();
    now.handshakes().forEach(handshakes::put);
    JsonObject servers = new JsonObject();
    now.servers().forEach((server, shown) -> servers.put(server, json(shown)));
    return new JsonObject()
        .put("mode", now.mode())
        .put("mayBeStripped", now.mayBeStripped())
        .put("connections", new JsonObject().put("none", now.none()).put("tls", now.tls()))
        .put("certificate", now.certificate().map(InstancePage::json).orElse(null))
        .put("servers", servers)
        .put("handshakes", handshakes)
        .put("handshakesUnderWay", now.underWay());
  }

  private static JsonObject json(CertificateFacts certificate) {
    return new JsonObject()
        .put("subject", certificate.subject())
        .put("names", new JsonArray(certificate.names()))
        .put("issuer", certificate.issuer())
        .put("expires", certificate.expires().toString())
        .put("daysLeft", certificate.daysLeft(Instant.now()));
  }

  private static JsonObject certificate(TlsMaterial material) {
    return new JsonObject()
        .put("certificate", material.certificate().getSubjectX500Principal().getName())
        .put("expires", material.expires().toString())
        .put("daysLeft", Duration.between(Instant.now(), material.expires()).toDays());
  }

  static JsonObject json(Reachability origin) {
    return new JsonObject()
        .put("state", origin.state().name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .put("since", origin.since().toString())
        .put("lastAnswer", origin.lastAnswer().map(Instant::toString).orElse(null))
        .put("roundTripMillis", origin.roundTripNanos().map(nanos -> nanos / 1e6).orElse(null))
        .put("lastError", origin.lastError().orElse(null));
  }

  static String version() {
    String version = InstancePage.class.getPackage().getImplementationVersion();
    return version == null ? "not packaged" : version;
  }
}
