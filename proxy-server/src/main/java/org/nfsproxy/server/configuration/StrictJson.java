package org.nfsproxy.server.configuration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.config.spi.ConfigProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;

/**
 * The format of the configuration file for Vert.x Config: one JSON object (RFC 8259) in which no
 * key stands twice. What is wrong is said with line and column.
 */
// Vert.x's own "json" takes the last of two equal keys and says nothing, and its messages have no
// line in them. Found by ServiceLoader, see META-INF/services.
public final class StrictJson implements ConfigProcessor {
  /** The word that chooses this format. */
  static final String FORMAT = "strict-json";

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Made by ServiceLoader. */
  public StrictJson() {}

  @Override
  public String name() {
    return FORMAT;
  }

  @Override
  public Future<JsonObject> process(Vertx vertx, JsonObject configuration, Buffer input) {
    try {
      return Future.succeededFuture(parse(input.getBytes()));
    } catch (ConfigurationException refused) {
      return Future.failedFuture(refused);
    }
  }

  static JsonObject parse(byte[] bytes) throws ConfigurationException {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new ConfigurationException(List.of("is empty; expected an object: { ... }"));
      }
      if (first != JsonToken.START_OBJECT) {
        throw refused(parser.currentTokenLocation(), "expected an object: { ... }");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw refused(parser.currentTokenLocation(), "expected nothing behind the object");
      }
    } catch (JsonProcessingException wrong) {
      String reason = wrong.getOriginalMessage().lines().findFirst().orElse("not JSON");
      throw refused(wrong.getLocation(), reason);
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory", impossible);
    }
    return new JsonObject(Buffer.buffer(bytes));
  }

  private static ConfigurationException refused(JsonLocation at, String reason) {
    return new ConfigurationException(
        List.of("line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + reason));
  }
}
