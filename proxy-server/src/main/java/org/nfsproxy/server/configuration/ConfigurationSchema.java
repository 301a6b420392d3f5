package org.nfsproxy.server.configuration;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nfsproxy.configuration.Key;

/** A JSON Schema (draft 2020-12) of the configuration, for editors: made of its keys. */
// It refuses nothing that the proxy takes. What it cannot say, the proxy still refuses: two keys
// that do not go together, a text whose form is more than a regular expression can tell.
final class ConfigurationSchema {
  /** The key by which a file names its schema; nobody else reads it. */
  static final String REFERENCE = "$schema";

  private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
  private static final String PROPERTIES = "properties";
  private static final String REQUIRED = "required";
  private static final String ITEMS = "items";

  private ConfigurationSchema() {}

  static JsonObject of(Map<String, List<Key<?>>> keysOfBackends) {
    JsonObject root = object();
    root.getJsonObject(PROPERTIES).put(REFERENCE, new JsonObject().put("type", "string"));
    Keys.ALL.stream().filter(key -> key != Keys.BACKEND_TYPE).forEach(key -> put(root, key));
    JsonObject rules =
        section(root, "exports").getJsonObject(PROPERTIES).getJsonObject(Keys.RULES.name());
    rules.put(ITEMS, rule());
    root.getJsonObject(PROPERTIES).put("backend", backend(new TreeMap<>(keysOfBackends)));
    boolean mustBe = keysOfBackends.values().stream().allMatch(ConfigurationSchema::hasRequired);
    if (mustBe) {
      root.put(REQUIRED, new JsonArray().add("backend"));
    }
    return new JsonObject()
        .put(REFERENCE, DRAFT)
        .put("title", "nfs-proxy")
        .put("description", "The configuration of nfs-proxy, see docs/reference/configuration.md.")
        .mergeIn(root);
  }

  private static boolean hasRequired(List<Key<?>> keys) {
    return keys.stream().anyMatch(key -> key.standard() == null && !key.path().contains("[]"));
  }

  // Which keys there are depends on the type, which is nfs where it is not given.
  private static JsonObject backend(Map<String, List<Key<?>>> keysOfBackends) {
    JsonObject type =
        described(Keys.BACKEND_TYPE)
            .put("type", "string")
            .put("enum", new JsonArray(List.copyOf(keysOfBackends.keySet())));
    JsonArray cases = new JsonArray();
    keysOfBackends.forEach(
        (name, keys) -> {
          JsonObject ofType =
              new JsonObject()
                  .put(
                      PROPERTIES,
                      new JsonObject().put("type", new JsonObject().put("const", name)));
          if (!name.equals(Keys.BACKEND_TYPE.standard())) {
            ofType.put(REQUIRED, new JsonArray().add("type"));
          }
          JsonObject root = object();
          keys.forEach(key -> put(root, key));
          JsonObject then = section(root, "backend");
          then.getJsonObject(PROPERTIES).put("type", true);
          cases.add(new JsonObject().put("if", ofType).put("then", then));
        });
    return new JsonObject()
        .put("type", "object")
        .put("description", "What is behind the proxy.")
        .put(PROPERTIES, new JsonObject().put("type", type))
        .put("allOf", cases);
  }

  private static JsonObject rule() {
    JsonObject rule = object();
    Keys.OF_A_RULE.forEach(key -> property(rule, key, described(key)));
    String parameters = "exports.parameters";
    Keys.ALL.stream()
        .filter(key -> key.sectionPath().equals(parameters))
        .forEach(key -> property(rule, key, described(key)));
    rule.getJsonObject(PROPERTIES)
        .forEach(entry -> ((JsonObject) entry.getValue()).remove("default"));
    return rule;
  }

  private static JsonObject object() {
    return new JsonObject()
        .put("type", "object")
        .put("additionalProperties", false)
        .put(PROPERTIES, new JsonObject());
  }

  private static void put(JsonObject root, Key<?> key) {
    property(section(root, key.sectionPath()), key, described(key));
    if (key.standard() == null) {
      requireSections(root, key.sectionPath());
    }
  }

  private static void property(JsonObject section, Key<?> key, JsonObject schema) {
    section.getJsonObject(PROPERTIES).put(key.name(), schema);
    if (key.standard() == null) {
      require(section, key.name());
    }
  }

  private static void requireSections(JsonObject root, String path) {
    if (!path.contains("[]")) {
      for (String at = path; at.contains("."); at = at.substring(0, at.lastIndexOf('.'))) {
        String above = at.substring(0, at.lastIndexOf('.'));
        require(section(root, above), at.substring(at.lastIndexOf('.') + 1));
      }
    }
  }

  private static void require(JsonObject section, String name) {
    JsonArray required = section.getJsonArray(REQUIRED, new JsonArray());
    if (!required.contains(name)) {
      section.put(REQUIRED, required.add(name));
    }
  }

  // The schema of a section, made if it is new.
  private static JsonObject section(JsonObject root, String path) {
    JsonObject at = root;
    for (String name : path.isEmpty() ? new String[0] : path.split("\\.")) {
      boolean isElement = name.endsWith("[]");
      String plain = isElement ? name.substring(0, name.length() - 2) : name;
      JsonObject properties = at.getJsonObject(PROPERTIES);
      if (!properties.containsKey(plain)) {
        properties.put(plain, object());
      }
      at = properties.getJsonObject(plain);
      if (isElement) {
        if (!at.containsKey(ITEMS)) {
          at.put(ITEMS, object());
        }
        at = at.getJsonObject(ITEMS);
      }
    }
    return at;
  }

  private static JsonObject described(Key<?> key) {
    JsonObject schema = key.form().schema();
    schema.put(
        "description",
        key.meaning() + " May be: " + key.range() + ". Applied: " + key.applied().words() + ".");
    if (key.standard() != null) {
      schema.put("default", Json.decodeValue(key.standardAsJson()));
    }
    return schema;
  }
}
