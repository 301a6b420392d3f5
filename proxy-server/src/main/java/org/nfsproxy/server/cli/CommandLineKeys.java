package org.nfsproxy.server.cli;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Options of the command line as the keys of the configuration that they override. */
final class CommandLineKeys {
  private CommandLineKeys() {}

  /**
   * The keys that were given. What an option leaves out (a port, a host) stays as it is.
   *
   * @param origin the option {@code --origin}, or null
   * @param listen the option {@code --listen}, or null
   * @return an object to be merged over the file's
   */
  static JsonObject of(@Nullable HostAndPort origin, @Nullable HostAndPort listen) {
    JsonObject json = new JsonObject();
    if (origin != null) {
      json.put("backend", new JsonObject().put("origin", keys(origin)));
    }
    if (listen != null) {
      json.put("listen", keys(listen));
    }
    return json;
  }

  private static JsonObject keys(HostAndPort given) {
    JsonObject keys = new JsonObject();
    if (!given.host().isEmpty()) {
      keys.put("host", given.host());
    }
    given.port().ifPresent(port -> keys.put("port", port));
    return keys;
  }
}
