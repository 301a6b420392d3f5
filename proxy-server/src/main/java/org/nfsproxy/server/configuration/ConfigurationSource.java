package org.nfsproxy.server.configuration;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Key;

/**
 * Where the configuration comes from: a file, what environment variables put over it, and what the
 * command line puts over both. It can be read again and again.
 */
// Vert.x Config reads and compares; each store keeps to a part of its own of the object that it
// makes of them, so that of each value it is known where it comes from.
public final class ConfigurationSource {
  private static final int NEVER = -1;

  private final Vertx vertx;
  private final ConfigurationReader reader;
  private final @Nullable Path file;
  private final JsonObject commandLine;
  private final Environment environment;
  private final Variables variables;
  private final ConfigRetriever retriever;

  /**
   * A source.
   *
   * @param reader makes a configuration of it
   * @param file the file; null for none
   * @param commandLine what the command line says
   */
  public ConfigurationSource(
      Vertx vertx,
      ConfigurationReader reader,
      @Nullable Path file,
      Environment environment,
      JsonObject commandLine) {
    this.vertx = vertx;
    this.reader = reader;
    this.file = file;
    this.environment = environment;
    this.commandLine = commandLine;
    this.variables = new Variables(reader.keys());
    this.retriever = retriever(NEVER);
  }

  /**
   * What it is called where mistakes in it are told.
   *
   * @return the file as it was named
   */
  public String name() {
    return file == null ? Assembled.COMMAND_LINE : file.toString();
  }

  /**
   * Whether it can be other than it was.
   *
   * @return false without a file
   */
  public boolean hasFile() {
    return file != null;
  }

  /**
   * What stands there now.
   *
   * @return what it is put together of, mistakes among it; does not fail for these
   */
  public Future<Assembled> look() {
    return retriever.getConfig().map(this::assembled);
  }

  /**
   * What it means.
   *
   * @return the configuration; nothing has been opened
   * @throws ConfigurationException if anything is wrong; then it is refused as a whole
   */
  public Configured read(Assembled assembled) throws ConfigurationException {
    return reader.read(assembled);
  }

  /** Looks from time to time, until it is closed, and tells what has changed. */
  ConfigRetriever retriever(int scanMillis) {
    ConfigRetrieverOptions options = new ConfigRetrieverOptions().setScanPeriod(scanMillis);
    stores().forEach(options::addStore);
    return ConfigRetriever.create(vertx, options);
  }

  Assembled assembled(JsonObject read) {
    return Assembled.of(read, name(), variables);
  }

  private List<ConfigStoreOptions> stores() {
    ConfigStoreOptions over =
        new ConfigStoreOptions()
            .setType("json")
            .setConfig(new JsonObject().put(Assembled.COMMAND_LINE, commandLine));
    if (file == null) {
      return List.of(environment.store(), over);
    }
    ConfigStoreOptions under =
        new ConfigStoreOptions()
            .setType(ConfigurationStore.TYPE)
            .setConfig(new JsonObject().put(ConfigurationStore.PATH, file.toString()));
    return List.of(under, environment.store(), over);
  }

  List<Key<?>> keys() {
    return reader.keys();
  }

  /** The keys that are read where the configuration says so. */
  List<Key<?>> keysOf(Assembled assembled) {
    JsonObject backend = assembled.json().getJsonObject("backend", new JsonObject());
    return reader.keysWith(
        backend.getString(Keys.BACKEND_TYPE.name(), Keys.BACKEND_TYPE.standard()));
  }
}
