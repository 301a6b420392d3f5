package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.configuration.Applied;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.testing.FakeProvider;

// What the reference says of a key ("applied"), and what a running proxy adopts of a changed file,
// are held together here: every key is changed once.
class AppliedTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final ConfigurationReader READER =
      new ConfigurationReader(VERTX, List.of(new FakeProvider("nfs"), new FakeProvider("zfs")));

  private static final JsonObject OTHERS =
      new JsonObject().put("tcpIp", new JsonArray().add("127.0.0.8"));

  private static final List<Object> CANDIDATES =
      List.of(
          true,
          false,
          "127.0.0.9",
          "a name",
          "/a",
          "224.2.2.3",
          "own",
          "ro",
          "all",
          "off",
          "refuse",
          "forward",
          "listeners",
          "json",
          "http://127.0.0.9/v1/metrics",
          "offer",
          "ask",
          new JsonArray().add("127.0.0.9"),
          new JsonArray().add("127.0.0.9:5701"),
          new JsonArray().add("sys"),
          new JsonArray().add("/a"),
          new JsonArray().add("mtls"),
          new JsonArray().add("judge=DEBUG"),
          new JsonArray().add("changes"),
          new JsonArray().add("WRITE"),
          new JsonArray().add("Name: value"),
          new JsonArray().add("3"),
          new JsonArray().add(new JsonObject().put("path", "/a").put("access", "ro")));

  @AfterAll
  static void stop() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  // What is behind the proxy is made anew with a restart only.
  private static Stream<Key<?>> keys() {
    return Keys.ALL.stream().filter(key -> !key.path().startsWith("backend."));
  }

  // With a name, so that rules are all that rules change, and with what other keys need.
  private static JsonObject file() {
    return new JsonObject()
        .put("backend", new JsonObject().put("origin", new JsonObject().put("host", "there")))
        .put("cluster", new JsonObject().put("name", "chosen").put("join", OTHERS.copy()))
        .put("listen", new JsonObject().put("tls", tls()))
        .put("admin", admin())
        .put("cache", new JsonObject().put("diskBytesMax", 1L << 30))
        .put("locks", new JsonObject().put("stateDirectory", "/state"));
  }

  // The files that TLS needs, so that its mode alone can be another.
  private static JsonObject tls() {
    return new JsonObject().put("certificate", "/c").put("key", "/k").put("clientCa", "/ca");
  }

  private static JsonObject admin() {
    return new JsonObject()
        .put("tls", new JsonObject().put("certificate", "/c").put("key", "/k"))
        .put("tokenFile", "/t");
  }

  private static JsonObject fileWith(Key<?> key, Object value) {
    JsonObject file = file();
    JsonObject at = file;
    String[] names = key.path().split("\\.");
    for (int i = 0; i + 1 < names.length; i++) {
      if (!at.containsKey(names[i])) {
        at.put(names[i], new JsonObject());
      }
      at = at.getJsonObject(names[i]);
    }
    at.put(names[names.length - 1], value);
    return file;
  }

  /** A configuration in which the key alone is not what it is by default. */
  private static ProxyConfiguration changed(Key<?> key, ProxyConfiguration standard) {
    List<Object> candidates = new ArrayList<>(CANDIDATES);
    if (key.standard() instanceof Number number) {
      candidates.add(number.longValue() + 1);
      candidates.add(number.longValue() - 1);
    }
    for (Object candidate : candidates) {
      try {
        ProxyConfiguration read = READER.read(fileWith(key, candidate)).proxy();
        if (!read.equals(standard)) {
          return read;
        }
      } catch (ConfigurationException notThis) {
        continue;
      }
    }
    throw new AssertionError("no other value is known for " + key.path());
  }

  @ParameterizedTest
  @MethodSource("keys")
  void key_isAdopted_ifItSaysAtOnce_andNotOtherwise(Key<?> key) throws ConfigurationException {
    ProxyConfiguration standard = READER.read(file()).proxy();
    ProxyConfiguration changed = changed(key, standard);
    boolean atOnce = key.applied() == Applied.AT_ONCE;
    assertEquals(atOnce ? changed : standard, standard.adopting(changed), key.path());
  }

  @Test
  void keysOfABackend_areNotAppliedAtOnce() {
    ConfigurationReader reader = ConfigurationReader.ofClassPath(VERTX);
    assertTrue(
        reader.keys().stream()
            .filter(key -> key.path().startsWith("backend."))
            .noneMatch(key -> key.applied() == Applied.AT_ONCE));
  }

  @Test
  void keysOfARule_areAppliedAsTheRulesAre() {
    assertTrue(Keys.OF_A_RULE.stream().allMatch(key -> key.applied() == Keys.RULES.applied()));
  }
}
