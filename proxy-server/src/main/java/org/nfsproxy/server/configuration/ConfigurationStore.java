package org.nfsproxy.server.configuration;

import io.vertx.config.spi.ConfigStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;

/**
 * The configuration file as a store of Vert.x Config. Its content is an object with the file's own
 * under {@link #FILE}, or with what is wrong with the file under {@link #MISTAKES}: it never fails.
 */
// Why not Vert.x's own store of a file: a store that fails is logged with a stack trace at each
// look, and one look does not know of the one before. What is wrong with a file is content here, so
// that it is compared like any other and told once. A file that nobody answers for (a dead mount)
// is asked for by one thread, however often somebody looks. And what is read is bounded, also where
// a file's size says 0, as a device's does.
final class ConfigurationStore implements ConfigStore {
  static final String TYPE = "nfs-proxy-file";
  static final String PATH = "path";
  static final String FILE = "file";
  static final String MISTAKES = "mistakes";

  /** The largest file read: a thousand times what a long one has. */
  private static final int BYTES_MAX = 4 << 20;

  private final Vertx vertx;
  private final Path file;
  private @Nullable Future<Buffer> reading;

  ConfigurationStore(Vertx vertx, Path file) {
    this.vertx = vertx;
    this.file = file;
  }

  @Override
  public synchronized Future<Buffer> get() {
    if (reading == null || reading.isComplete()) {
      reading =
          read(vertx, file).map(ConfigurationStore::content).otherwise(ConfigurationStore::wrong);
    }
    return reading;
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  private static Buffer content(JsonObject json) {
    return new JsonObject().put(FILE, json).toBuffer();
  }

  private static Buffer wrong(Throwable failure) {
    List<String> mistakes =
        failure instanceof ConfigurationException told ? told.mistakes() : List.of(reason(failure));
    return new JsonObject().put(MISTAKES, new JsonArray(mistakes)).toBuffer();
  }

  /** Reads a file; fails with a {@link ConfigurationException} that tells the cure. */
  static Future<JsonObject> read(Vertx vertx, Path file) {
    Future<JsonObject> read =
        isYaml(file)
            ? vertx
                .executeBlocking(() -> StrictYaml.checked(bytes(file)), false)
                .compose(bytes -> StrictYaml.parse(vertx, bytes))
            : vertx.executeBlocking(() -> StrictJson.parse(bytes(file)), false);
    return read.map(ConfigurationStore::withoutSchema);
  }

  private static byte[] bytes(Path file) throws ConfigurationException {
    try {
      if (Files.isDirectory(file)) {
        throw refused("is a directory; name a file in it");
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
          throw refused("is larger than " + BYTES_MAX + " bytes; is it the right file?");
        }
        return bytes;
      }
    } catch (IOException unreadable) {
      throw refused(reason(unreadable));
    }
  }

  private static ConfigurationException refused(String reason) {
    return new ConfigurationException(List.of(reason));
  }

  static boolean isYaml(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  // What an editor checks the file with, see config-schema. It is for the editor alone.
  private static JsonObject withoutSchema(JsonObject json) {
    if (json.getValue(ConfigurationSchema.REFERENCE) instanceof String) {
      json.remove(ConfigurationSchema.REFERENCE);
    }
    return json;
  }

  static String reason(Throwable failure) {
    if (failure instanceof NoSuchFileException) {
      return "does not exist; write one (examples/minimal.json) or use --origin HOST";
    }
    if (failure instanceof AccessDeniedException) {
      return "may not be read by user " + System.getProperty("user.name") + "; see its mode";
    }
    return "cannot be read: " + Reason.of(failure);
  }
}
