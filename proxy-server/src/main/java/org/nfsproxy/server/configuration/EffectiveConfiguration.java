package org.nfsproxy.server.configuration;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nfsproxy.configuration.Key;

/**
 * A configuration with all its defaults, as YAML in which a comment tells of each value where it
 * comes from. It is a configuration itself: a proxy that is given it does the same.
 */
// Values are written as JSON, which is YAML too. Defaults are comments as a whole: where a key is
// given, this can mean more than its value (cluster.name, see MarkName).
public final class EffectiveConfiguration {
  private static final int COMMENT_COLUMN = 56;

  private final List<String> lines = new ArrayList<>();
  private final Assembled assembled;

  private EffectiveConfiguration(Assembled assembled) {
    this.assembled = assembled;
  }

  /**
   * The lines of a configuration.
   *
   * @param source where it comes from
   * @param assembled what it is put together of, without a mistake
   */
  public static List<String> lines(ConfigurationSource source, Assembled assembled) {
    EffectiveConfiguration effective = new EffectiveConfiguration(assembled);
    Map<String, Object> tree = new LinkedHashMap<>();
    source.keysOf(assembled).forEach(key -> put(tree, key));
    effective.write("", tree);
    return effective.lines;
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> tree, Key<?> key) {
    Map<String, Object> at = tree;
    String[] names = key.path().split("\\.");
    for (int i = 0; i + 1 < names.length; i++) {
      at = (Map<String, Object>) at.computeIfAbsent(names[i], name -> new LinkedHashMap<>());
    }
    at.put(key.name(), key);
  }

  @SuppressWarnings("unchecked")
  private void write(String indent, Map<String, Object> tree) {
    tree.forEach(
        (name, below) -> {
          if (below instanceof Key<?> key) {
            write(indent, key);
          } else {
            Map<String, Object> section = (Map<String, Object>) below;
            lines.add((isGiven(section) ? "" : "# ") + indent + name + ":");
            write(indent + "  ", section);
          }
        });
  }

  private void write(String indent, Key<?> key) {
    String where = assembled.whence(key.path());
    String line =
        where == null
            ? "# " + indent + key.name() + ": " + key.standardAsJson()
            : indent + key.name() + ": " + Json.encode(value(key.path()));
    String gap = " ".repeat(Math.max(1, COMMENT_COLUMN - line.length()));
    lines.add(line + gap + "# " + (where == null ? "default" : where));
  }

  @SuppressWarnings("unchecked")
  private boolean isGiven(Map<String, Object> tree) {
    return tree.values().stream()
        .anyMatch(
            below ->
                below instanceof Key<?> key
                    ? assembled.whence(key.path()) != null
                    : isGiven((Map<String, Object>) below));
  }

  private Object value(String path) {
    JsonObject at = assembled.json();
    String[] names = path.split("\\.");
    for (int i = 0; i + 1 < names.length; i++) {
      at = at.getJsonObject(names[i]);
    }
    return at.getValue(names[names.length - 1]);
  }
}
