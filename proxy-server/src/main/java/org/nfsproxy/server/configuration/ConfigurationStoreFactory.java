package org.nfsproxy.server.configuration;

import io.vertx.config.spi.ConfigStore;
import io.vertx.config.spi.ConfigStoreFactory;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/** Makes the store of the configuration file. Found by ServiceLoader, see META-INF/services. */
public final class ConfigurationStoreFactory implements ConfigStoreFactory {
  /** Made by ServiceLoader. */
  public ConfigurationStoreFactory() {}

  @Override
  public String name() {
    return ConfigurationStore.TYPE;
  }

  @Override
  public ConfigStore create(Vertx vertx, JsonObject configuration) {
    return new ConfigurationStore(vertx, Path.of(configuration.getString(ConfigurationStore.PATH)));
  }
}
