package org.nfsproxy.server.configuration;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.nfsproxy.configuration.Key;

/**
 * The name that tells this proxy from the origin and from other proxies of it, as clients and
 * origin see it ({@code containment.IdentitySuffix}).
 *
 * @param from where it comes from
 */
// A client that is shown one name by two proxies takes them for one server, and sends everything
// through the one it reached first, past the rules of the other. So where nobody chose a name, the
// rules are in it: their digest, of a form in which the order of keys, of elements and what stands
// at its default do not count. The defaults are left out so that a key that is new in a later
// version changes nobody's name.
public record MarkName(String text, From from) {
  /**
   * The longest name of a cluster; with a digest beside it, most of a long name is left readable.
   */
  public static final int CLUSTER_NAME_MAX = 64;

  private static final int DIGEST_BYTES = 4;

  /** Where a name comes from. */
  public enum From {
    /** {@code cluster.name} is set. */
    CONFIGURED,
    /** Nothing is set in {@code exports}: the default of {@code cluster.name}. */
    STANDARD,
    /** That, and a digest of what is set in {@code exports}. */
    EXPORTS
  }

  /**
   * The name that a configuration makes.
   *
   * @param clusterName {@code cluster.name}, which may be its default
   */
  static MarkName of(JsonObject json, String clusterName) {
    if (section(json, "cluster").containsKey("name")) {
      return new MarkName(clusterName, From.CONFIGURED);
    }
    List<String> members = membersThatDiffer(section(json, "exports"));
    return members.isEmpty()
        ? new MarkName(clusterName, From.STANDARD)
        : new MarkName(clusterName + "-" + digest(object(members)), From.EXPORTS);
  }

  /**
   * What to tell of a changed configuration, whose name takes a restart.
   *
   * @param newer the name that it makes
   * @return whether it is another one that nobody chose
   */
  public boolean isLeftBehindBy(MarkName newer) {
    return newer.from != From.CONFIGURED && !newer.text.equals(text);
  }

  private static JsonObject section(JsonObject json, String key) {
    return json.getValue(key) instanceof JsonObject object ? object : new JsonObject();
  }

  private static List<String> membersThatDiffer(JsonObject exports) {
    JsonObject parameters = section(exports, "parameters").copy();
    for (Key<?> key : Keys.ALL) {
      if (key.path().equals("exports.parameters." + key.name()) && isStandard(parameters, key)) {
        parameters.remove(key.name());
      }
    }
    JsonObject different = exports.copy().put("parameters", parameters);
    return different.stream()
        .filter(member -> !isEmpty(member.getValue()))
        .map(MarkName::member)
        .toList();
  }

  private static boolean isStandard(JsonObject parameters, Key<?> key) {
    JsonObject standard = new JsonObject("{\"value\":" + key.standardAsJson() + "}");
    return parameters.containsKey(key.name())
        && form(parameters.getValue(key.name())).equals(form(standard.getValue("value")));
  }

  private static boolean isEmpty(Object value) {
    return value instanceof JsonObject object && object.isEmpty()
        || value instanceof JsonArray array && array.isEmpty();
  }

  // Every array in this section is a set: of addresses, of words, of rules for different paths.
  private static String form(Object value) {
    if (value instanceof JsonObject object) {
      return object(object.stream().map(MarkName::member).toList());
    }
    if (value instanceof JsonArray array) {
      return "[" + sorted(array.stream().map(MarkName::form).toList()) + "]";
    }
    return Json.encode(value);
  }

  private static String member(Map.Entry<String, Object> entry) {
    return Json.encode(entry.getKey()) + ":" + form(entry.getValue());
  }

  private static String object(List<String> members) {
    return "{" + sorted(members) + "}";
  }

  private static String sorted(List<String> forms) {
    List<String> inOrder = new ArrayList<>(forms);
    inOrder.sort(null);
    return String.join(",", inOrder);
  }

  private static String digest(String form) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(form.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
