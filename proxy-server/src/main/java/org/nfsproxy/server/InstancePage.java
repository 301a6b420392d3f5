package org.nfsproxy.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Reachability;
import org.nfsproxy.server.listen.Listeners;

/** What is said of this instance: who it is, and what runs. */
final class InstancePage {
  private final String instance;
  private final Instant since = Instant.now();
  private final Backend backend;
  private final Listeners listeners;

  InstancePage(String instance, Backend backend, Listeners listeners) {
    this.instance = instance;
    this.backend = backend;
    this.listeners = listeners;
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
        .put("programs", programs)
        .put("connections", listeners.connections())
        .put("recordBytesHeld", listeners.recordBytesHeld())
        .put("closes", closes)
        .put("counts", counts);
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
