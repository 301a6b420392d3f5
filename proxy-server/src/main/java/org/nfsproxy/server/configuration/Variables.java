package org.nfsproxy.server.configuration;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.Spelling;

/**
 * The environment variable of each key: {@code NFS_PROXY_} and the key's path in capitals, with an
 * underscore for each dot and before each capital letter, so that {@code
 * listen.proxyProtocol.headerMillis} is {@code NFS_PROXY_LISTEN_PROXY_PROTOCOL_HEADER_MILLIS}.
 */
// A name is looked up among those of all keys, never taken apart: an underscore need not tell
// whether it was a dot. That no two keys have one name is seen to here.
final class Variables {
  private final Map<String, Key<?>> keys = new TreeMap<>();

  Variables(Collection<Key<?>> all) {
    for (Key<?> key : all) {
      if (!key.path().contains("[]")) {
        Key<?> other = keys.putIfAbsent(name(key.path()), key);
        if (other != null && !other.path().equals(key.path())) {
          throw new IllegalArgumentException(
              name(key.path()) + " would be " + key.path() + " and " + other.path());
        }
      }
    }
  }

  static String name(String path) {
    return Environment.PREFIX
        + path.replace('.', '_').replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }

  /** The key of a variable; null if there is none. */
  @Nullable Key<?> key(String name) {
    return keys.get(name);
  }

  /** What is told of a variable that no key has. */
  String unknown(String name) {
    return Spelling.nearest(name.substring(Environment.PREFIX.length()), unprefixed())
        .map(near -> "is the variable of no key, did you mean " + Environment.PREFIX + near + "?")
        .orElse(
            "is the variable of no key; each is NFS_PROXY_ and the key's path in capitals, such as "
                + name(Keys.LISTEN_PORT.path()));
  }

  private List<String> unprefixed() {
    return keys.keySet().stream().map(name -> name.substring(Environment.PREFIX.length())).toList();
  }

  /**
   * The value that a text stands for at a key. A text that is of no such type stays a text, which
   * the reader refuses in its own words.
   *
   * @throws ConfigurationException if it is a list that is no JSON
   */
  static Object value(Key<?> key, String text) throws ConfigurationException {
    return switch (key.form().type()) {
      case "integer" -> text.matches("-?(0|[1-9][0-9]{0,17})") ? (Object) Long.valueOf(text) : text;
      case "boolean" ->
          text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
      case "array" -> array(text);
      default -> text;
    };
  }

  private static JsonArray array(String text) throws ConfigurationException {
    try {
      if (Json.decodeValue(text) instanceof JsonArray array) {
        return array;
      }
    } catch (DecodeException noJson) {
      if (text.stripLeading().startsWith("[")) {
        StrictJson.refuseArray(text);
      }
    }
    throw new ConfigurationException(
        List.of(
            "found "
                + shown(text)
                + ", expected an array in JSON, such as [\"10.0.0.0/8\"] or []"));
  }

  private static String shown(String text) {
    String json = Json.encode(text);
    return json.length() <= 80 ? json : json.substring(0, 77) + "...";
  }
}
