package org.nfsproxy.server.configuration;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.nfsproxy.backend.Backend;

/**
 * A configuration without a mistake.
 *
 * @param proxy what the proxy server is told
 * @param backend the backend it names; it has opened nothing yet
 * @param json the object it was read from
 * @param warnings what is hardly meant as it stands, one line each
 * @param notOfTheFile where the keys are from that others than the file have set, by their paths:
 *     an environment variable, the command line
 */
public record Configured(
    ProxyConfiguration proxy,
    Backend backend,
    JsonObject json,
    List<String> warnings,
    Map<String, String> notOfTheFile) {
  /**
   * A configuration that was not read from anything.
   *
   * @param proxy what the proxy server is told
   */
  public Configured(ProxyConfiguration proxy, Backend backend) {
    this(proxy, backend, new JsonObject(), List.of(), Map.of());
  }
}
