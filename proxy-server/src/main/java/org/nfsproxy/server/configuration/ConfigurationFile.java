package org.nfsproxy.server.configuration;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads the configuration file, with Vert.x Config. */
public final class ConfigurationFile {
  /** The largest file read: a thousand times what a long one has. */
  private static final long BYTES_MAX = 4 << 20;

  private ConfigurationFile() {}

  /**
   * Reads a file.
   *
   * @param vertx the runtime
   * @param file the file
   * @return its object; or fails with {@link ConfigurationException}, which tells the cure
   */
  public static Future<JsonObject> read(Vertx vertx, Path file) {
    return vertx
        .executeBlocking(() -> unfit(file))
        .compose(unfit -> unfit == null ? parse(vertx, file) : refused(unfit));
  }

  // Null if it can be read.
  private static String unfit(Path file) {
    try {
      if (Files.isDirectory(file)) {
        return "is a directory; name a file in it";
      }
      return Files.size(file) > BYTES_MAX
          ? "is larger than " + BYTES_MAX + " bytes; is it the right file?"
          : null;
    } catch (IOException unreadable) {
      return reason(unreadable);
    }
  }

  private static Future<JsonObject> parse(Vertx vertx, Path file) {
    ConfigRetriever retriever = ConfigRetriever.create(vertx, options(file));
    return retriever
        .getConfig()
        .recover(failure -> refused(failure))
        .onComplete(ended -> retriever.close());
  }

  private static ConfigRetrieverOptions options(Path file) {
    ConfigStoreOptions store =
        new ConfigStoreOptions()
            .setType("file")
            .setFormat(StrictJson.FORMAT)
            .setConfig(new JsonObject().put("path", file.toAbsolutePath().toString()));
    return new ConfigRetrieverOptions().setScanPeriod(-1).addStore(store);
  }

  private static <T> Future<T> refused(Throwable failure) {
    if (failure instanceof ConfigurationException) {
      return Future.failedFuture(failure);
    }
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return refused(reason(deepest));
  }

  private static <T> Future<T> refused(String reason) {
    return Future.failedFuture(new ConfigurationException(List.of(reason)));
  }

  static String reason(Throwable failure) {
    if (failure instanceof NoSuchFileException) {
      return "does not exist; write one (examples/minimal.json) or use --origin HOST";
    }
    if (failure instanceof AccessDeniedException) {
      return "may not be read by user " + System.getProperty("user.name") + "; see its mode";
    }
    return "cannot be read: " + failure.getMessage();
  }
}
