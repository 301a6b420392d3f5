package org.nfsproxy.server.configuration;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Key;

/**
 * A configuration put together of a file, environment variables and the command line, each over the
 * one before.
 *
 * @param json what holds, without defaults
 * @param from where each value comes from, by its key's path: the file's name, {@code environment
 *     variable NAME} or {@code command line}
 * @param standard what a key that stands nowhere is told of: the file's name, or the command line
 * @param mistakes what is wrong with the sources themselves, one line each
 * @param file what the file alone says, empty without one; null if it could not be read, and then
 *     nothing else holds
 */
public record Assembled(
    JsonObject json,
    Map<String, String> from,
    String standard,
    List<String> mistakes,
    @Nullable JsonObject file) {
  static final String COMMAND_LINE = "command line";

  /** A configuration out of one file. */
  static Assembled of(JsonObject json) {
    return new Assembled(json, Map.of(), "", List.of(), json);
  }

  /** Puts together what Vert.x Config has read from {@link ConfigurationSource#stores}. */
  static Assembled of(JsonObject read, String name, Variables variables) {
    JsonObject json = new JsonObject();
    Map<String, String> from = new TreeMap<>();
    List<String> mistakes = new ArrayList<>();
    for (Object mistake : read.getJsonArray(ConfigurationStore.MISTAKES, new JsonArray())) {
      mistakes.add(name + ": " + mistake);
    }
    boolean isRead = mistakes.isEmpty();
    JsonObject file = read.getJsonObject(ConfigurationStore.FILE, new JsonObject());
    put(json, from, file.copy(), name);
    for (Map.Entry<String, Object> each : read) {
      if (each.getKey().startsWith(Environment.PREFIX)) {
        putVariable(json, from, mistakes, variables, each.getKey(), (String) each.getValue());
      }
    }
    put(json, from, read.getJsonObject(COMMAND_LINE, new JsonObject()), COMMAND_LINE);
    return new Assembled(json, from, name, mistakes, isRead ? file : null);
  }

  private static void putVariable(
      JsonObject json,
      Map<String, String> from,
      List<String> mistakes,
      Variables variables,
      String name,
      String text) {
    Key<?> key = variables.key(name);
    String where = "environment variable " + name;
    if (key == null) {
      mistakes.add(where + ": " + variables.unknown(name));
      return;
    }
    try {
      JsonObject alone = new JsonObject();
      JsonObject at = alone;
      String[] names = key.path().split("\\.");
      for (int i = 0; i + 1 < names.length; i++) {
        JsonObject below = new JsonObject();
        at.put(names[i], below);
        at = below;
      }
      at.put(names[names.length - 1], Variables.value(key, text));
      put(json, from, alone, where);
    } catch (ConfigurationException noValue) {
      noValue.mistakes().forEach(mistake -> mistakes.add(where + ": " + mistake));
    }
  }

  private static void put(
      JsonObject json, Map<String, String> from, JsonObject layer, String where) {
    json.mergeIn(layer, true);
    leaves(from, "", layer, where);
  }

  private static void leaves(
      Map<String, String> from, String above, JsonObject json, String where) {
    for (Map.Entry<String, Object> entry : json) {
      String path = above + entry.getKey();
      if (entry.getValue() instanceof JsonObject section && !section.isEmpty()) {
        leaves(from, path + ".", section, where);
      } else {
        from.put(path, where);
      }
    }
  }

  /**
   * Where a key's value comes from.
   *
   * @param path the key's path, or that of something inside its value
   * @return for example {@code proxy.json}; null for a key that stands nowhere
   */
  @Nullable String whence(String path) {
    for (String at = path; !at.isEmpty(); at = at.substring(0, Math.max(0, end(at)))) {
      if (from.containsKey(at)) {
        return from.get(at);
      }
    }
    return null;
  }

  /** Where the keys are from that others than the file have set, by their paths. */
  Map<String, String> notOfTheFile() {
    Map<String, String> others = new TreeMap<>(from);
    others.values().removeIf(standard::equals);
    return others;
  }

  private static int end(String path) {
    return Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
  }

  /** A line about a key, with where it stands in front. */
  String told(String path, String line) {
    String where = whence(path);
    String shown = where == null ? standard : where;
    return shown.isEmpty() ? line : shown + ": " + line;
  }
}
