package org.nfsproxy.server.configuration;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.nfsproxy.configuration.Key;

/** A configuration as key paths and values, so that two can be compared key by key. */
// A key that is absent has its default: to write that down, or to leave it out, changes nothing. An
// array is one value. Values are compared as JSON, in which a number has no type.
final class KeyValues {
  private KeyValues() {}

  /** Every key's value, by its path; of a key without a default only if it is there. */
  static SortedMap<String, String> of(JsonObject json, Collection<Key<?>> keys) {
    SortedMap<String, String> values = new TreeMap<>();
    for (Key<?> key : keys) {
      if (key.standard() != null) {
        values.put(key.path(), key.standardAsJson());
      }
    }
    put(values, "", json);
    return values;
  }

  private static void put(Map<String, String> values, String above, JsonObject json) {
    for (Map.Entry<String, Object> entry : json) {
      String path = above + entry.getKey();
      if (entry.getValue() instanceof JsonObject section) {
        put(values, path + ".", section);
      } else {
        values.put(path, Json.encode(entry.getValue()));
      }
    }
  }

  /** The keys in which the second differs, with its values; null where it has none. */
  static SortedMap<String, String> changed(Map<String, String> before, Map<String, String> after) {
    SortedMap<String, String> changed = new TreeMap<>();
    Stream.concat(before.keySet().stream(), after.keySet().stream())
        .filter(path -> !Objects.equals(before.get(path), after.get(path)))
        .forEach(path -> changed.put(path, after.get(path)));
    return changed;
  }
}
