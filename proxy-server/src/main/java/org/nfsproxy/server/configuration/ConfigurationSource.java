package org.nfsproxy.server.configuration;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.nfsproxy.configuration.Key;

/**
 * Where the configuration comes from: a file, and what the command line puts over it. It can be
 * read again and again.
 */
public final class ConfigurationSource {
  private final Vertx vertx;
  private final ConfigurationReader reader;
  private final Path file;
  private final JsonObject overrides;

  /**
   * A source.
   *
   * @param vertx the runtime
   * @param reader makes a configuration of it
   * @param file the file; null for the command line alone
   * @param overrides what the command line says
   */
  public ConfigurationSource(
      Vertx vertx, ConfigurationReader reader, Path file, JsonObject overrides) {
    this.vertx = vertx;
    this.reader = reader;
    this.file = file;
    this.overrides = overrides;
  }

  /**
   * What it is called where mistakes in it are told.
   *
   * @return the file as it was named
   */
  public String name() {
    return hasFile() ? file.toString() : "command line";
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
   * @return the object; or fails with {@link ConfigurationException}, where there is none
   */
  public Future<JsonObject> json() {
    Future<JsonObject> read =
        hasFile() ? ConfigurationFile.read(vertx, file) : Future.succeededFuture(new JsonObject());
    return read.map(json -> json.mergeIn(overrides, true));
  }

  /**
   * What it means.
   *
   * @param json what stands there
   * @return the configuration; nothing has been opened
   * @throws ConfigurationException if anything is wrong; then it is refused as a whole
   */
  public Configured read(JsonObject json) throws ConfigurationException {
    return reader.read(json);
  }

  List<Key<?>> keys() {
    return reader.keys();
  }
}
