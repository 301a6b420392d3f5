package org.nfsproxy.configuration;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What may stand at a key, as a JSON Schema (draft 2020-12) says it. It refuses nothing that the
 * key's reader takes; where a text's form is more than a regular expression can say, it may take
 * more.
 */
public final class ValueForm {
  private static final String TYPE = "type";

  private final JsonObject schema;

  private ValueForm(JsonObject schema) {
    this.schema = schema;
  }

  private static ValueForm ofType(String type) {
    return new ValueForm(new JsonObject().put(TYPE, type));
  }

  private ValueForm and(String keyword, Object value) {
    return new ValueForm(schema.copy().put(keyword, value));
  }

  /**
   * Anything.
   *
   * @return the form
   */
  public static ValueForm any() {
    return new ValueForm(new JsonObject());
  }

  /**
   * A whole number.
   *
   * @param min the smallest allowed
   * @param max the largest allowed
   * @return the form
   */
  public static ValueForm number(long min, long max) {
    return ofType("integer").and("minimum", min).and("maximum", max);
  }

  /**
   * 0, or a whole number within bounds.
   *
   * @param min the smallest allowed beside 0
   * @param max the largest allowed
   * @return the form
   */
  public static ValueForm zeroOr(long min, long max) {
    JsonObject zero = new JsonObject().put("const", 0);
    JsonObject bounds = new JsonObject().put("minimum", min).put("maximum", max);
    return ofType("integer").and("anyOf", new JsonArray().add(zero).add(bounds));
  }

  /**
   * True or false.
   *
   * @return the form
   */
  public static ValueForm flag() {
    return ofType("boolean");
  }

  /**
   * One word of several.
   *
   * @param words the words
   * @return the form
   */
  public static ValueForm words(List<String> words) {
    return ofType("string").and("enum", new JsonArray(List.copyOf(words)));
  }

  /**
   * A text.
   *
   * @param form its form
   * @return the form
   */
  public static ValueForm text(TextForm form) {
    ValueForm text = ofType("string");
    return form.pattern().isEmpty() ? text : text.and("pattern", "^(?:" + form.pattern() + ")$");
  }

  /**
   * An array.
   *
   * @param element the form of each element
   * @return the form
   */
  public static ValueForm array(ValueForm element) {
    return ofType("array").and("items", element.schema.copy());
  }

  /**
   * An array of objects, whose keys are told beside this one, with {@code []} in their paths.
   *
   * @param least how many there must be
   * @return the form
   */
  public static ValueForm objects(int least) {
    ValueForm objects = ofType("array");
    return least == 0 ? objects : objects.and("minItems", least);
  }

  /**
   * What a JSON Schema says of it.
   *
   * @return an object of its own
   */
  public JsonObject schema() {
    return schema.copy();
  }

  /**
   * The type, in the words of JSON Schema.
   *
   * @return {@code integer}, {@code boolean}, {@code string}, {@code array}, or {@code any}
   */
  public String type() {
    return schema.getString(TYPE, "any");
  }
}
