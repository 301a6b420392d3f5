package org.nfsproxy.server.configuration;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendProvider;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.configuration.Section;

/** Makes a configuration of a JSON object, or says all that is wrong with it. */
public final class ConfigurationReader {
  private final Vertx vertx;
  private final Map<String, BackendProvider> providers = new TreeMap<>();
  private final Supplier<ThisMachine> machine;

  /**
   * A reader that knows certain backends.
   *
   * @param vertx the runtime that backends are made for
   */
  public ConfigurationReader(Vertx vertx, Iterable<BackendProvider> providers) {
    this(vertx, providers, ThisMachine::now);
  }

  ConfigurationReader(
      Vertx vertx, Iterable<BackendProvider> providers, Supplier<ThisMachine> machine) {
    this.vertx = vertx;
    this.machine = machine;
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
   */
  public static ConfigurationReader ofClassPath(Vertx vertx) {
    return new ConfigurationReader(vertx, ServiceLoader.load(BackendProvider.class));
  }

  /**
   * Reads a configuration as a whole.
   *
   * @return what it says; nothing has been opened
   * @throws ConfigurationException if anything is wrong; then it is refused as a whole
   */
  public Configured read(JsonObject json) throws ConfigurationException {
    return read(Assembled.of(json));
  }

  /**
   * Reads a configuration as a whole; its mistakes say where each value stands.
   *
   * @param assembled what it is put together of
   * @return what it says; nothing has been opened
   * @throws ConfigurationException if anything is wrong; then it is refused as a whole
   */
  public Configured read(Assembled assembled) throws ConfigurationException {
    if (assembled.file() == null) {
      throw new ConfigurationException(assembled.mistakes());
    }
    JsonObject json = assembled.json();
    Section root = new Section(json);
    ProxyConfiguration proxy = ProxyConfiguration.read(json, root);
    Endpoints endpoints = new Endpoints(proxy);
    endpoints.refuseEqual(root);
    Backend backend = backend(root.section("backend"));
    if (backend != null && root.problems().isEmpty()) {
      endpoints.refuseItself(root, backend.servers(), machine);
      endpoints.refuseOwnPortmapper(root, backend.portmappers(proxy.locks().enabled()), machine);
      CacheDoubts.warn(root, proxy, backend.servers().size());
    }
    root.refuseUnread(paths());
    List<Problem> problems = new ArrayList<>(root.problems());
    if (backend != null && proxy.locks().enabled()) {
      backend.lockOrigin().ifPresent(origin -> problems.addAll(origin.unfit()));
    }
    List<String> mistakes = new ArrayList<>(assembled.mistakes());
    problems.forEach(each -> mistakes.add(assembled.told(each.key(), each.toString())));
    List<String> warnings =
        root.warnings().stream()
            .map(each -> assembled.told(each.substring(0, each.indexOf(": ")), each))
            .toList();
    if (backend == null || !mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes, warnings);
    }
    return new Configured(proxy, backend, json, warnings, assembled.notOfTheFile());
  }

  /** A JSON Schema of what may stand in a configuration. */
  public JsonObject schema() {
    Map<String, List<Key<?>>> keys = new TreeMap<>();
    providers.forEach((type, provider) -> keys.put(type, provider.keys()));
    return ConfigurationSchema.of(keys);
  }

  /** The keys that are read where a backend is of this known type, in the reference's order. */
  List<Key<?>> keysWith(String type) {
    List<Key<?>> keys = new ArrayList<>(Keys.ALL);
    keys.addAll(Objects.requireNonNull(providers.get(type), "a known type").keys());
    keys.removeIf(key -> key.path().contains("[]"));
    return keys;
  }

  // Keys of a rule are those of the parameters too.
  private List<String> paths() {
    return keys().stream().map(Key::path).toList();
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
  private @Nullable Backend backend(Section section) {
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
