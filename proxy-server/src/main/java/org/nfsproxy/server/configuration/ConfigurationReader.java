package org.nfsproxy.server.configuration;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendProvider;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.configuration.Section;

/** Makes a configuration of a JSON object, or says all that is wrong with it. */
public final class ConfigurationReader {
  private final Vertx vertx;
  private final Map<String, BackendProvider> providers = new TreeMap<>();

  /**
   * A reader that knows certain backends.
   *
   * @param vertx the runtime that backends are made for
   * @param providers the backends
   */
  public ConfigurationReader(Vertx vertx, Iterable<BackendProvider> providers) {
    this.vertx = vertx;
    for (BackendProvider provider : providers) {
      BackendProvider other = this.providers.put(provider.type(), provider);
      if (other != null) {
        throw new IllegalArgumentException(
            "two backends of type " + provider.type() + ": " + other + " and " + provider);
      }
    }
  }

  /**
   * A reader that knows the backends on the class path.
   *
   * @param vertx the runtime that backends are made for
   * @return the reader
   */
  public static ConfigurationReader ofClassPath(Vertx vertx) {
    return new ConfigurationReader(vertx, ServiceLoader.load(BackendProvider.class));
  }

  /**
   * Reads a configuration as a whole.
   *
   * @param json the file's object
   * @return what it says; nothing has been opened
   * @throws ConfigurationException if anything is wrong; then it is refused as a whole
   */
  public Configured read(JsonObject json) throws ConfigurationException {
    Section root = new Section(json);
    ProxyConfiguration proxy = ProxyConfiguration.read(json, root);
    Backend backend = backend(root.section("backend"));
    root.refuseUnread();
    List<Problem> problems = root.problems();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems.stream().map(Problem::toString).toList());
    }
    return new Configured(proxy, backend, json);
  }

  /**
   * Every key that may stand in a configuration.
   *
   * @return the proxy server's own, and those of each backend it knows
   */
  public List<Key<?>> keys() {
    List<Key<?>> keys = new ArrayList<>(Keys.ALL);
    keys.addAll(Keys.OF_A_RULE);
    providers.values().forEach(provider -> keys.addAll(provider.keys()));
    return keys;
  }

  // An unknown type is reported alone: which other keys it has, nobody here can say.
  private Backend backend(Section section) {
    String type = Keys.BACKEND_TYPE.in(section);
    BackendProvider provider = providers.get(type);
    if (provider == null) {
      section.report(
          Keys.BACKEND_TYPE.name(),
          '"' + type + '"',
          "one of " + String.join(", ", providers.keySet()));
      section.skipUnread();
      return null;
    }
    return provider.create(vertx, section);
  }
}
