package org.nfsproxy.configuration;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One JSON object of the configuration, read key by key. A key that is absent gives its default; a
 * wrong type, a value out of range and a key that nobody read are reported as {@link Problem}s, all
 * of them, so that an administrator mends a file in one go.
 */
// Reading never throws: a wrong value is reported and the default returned, so that the code that
// reads the next keys still runs and finds their mistakes too. Whoever opens something looks at
// problems() first.
public final class Section {
  private final String path;
  private final JsonObject json;
  private final List<Problem> problems;
  private final Set<String> read = new TreeSet<>();
  private final List<Section> children = new ArrayList<>();

  /**
   * The whole configuration.
   *
   * @param json the file's object
   */
  public Section(JsonObject json) {
    this("", json, new ArrayList<>());
  }

  private Section(String path, JsonObject json, List<Problem> problems) {
    this.path = path;
    this.json = json;
    this.problems = problems;
  }

  /**
   * A section inside this one; an empty one where the key is absent.
   *
   * @param key the key
   * @return the section
   */
  public Section section(String key) {
    Object value = value(key);
    JsonObject inner = new JsonObject();
    if (value instanceof JsonObject object) {
      inner = object;
    } else if (value != null) {
      wrong(key, value, "an object");
    }
    Section child = new Section(pathOf(key), inner, problems);
    children.add(child);
    return child;
  }

  /**
   * The objects of an array; none where the key is absent.
   *
   * @param key the key
   * @return a section for each element
   */
  public List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    List<?> elements = array(key, "an array of objects");
    for (int i = 0; i < elements.size(); i++) {
      String at = key + "[" + i + "]";
      if (elements.get(i) instanceof JsonObject object) {
        Section child = new Section(pathOf(at), object, problems);
        children.add(child);
        sections.add(child);
      } else {
        wrong(at, elements.get(i), "an object");
      }
    }
    return sections;
  }

  /**
   * A text.
   *
   * @param key the key
   * @param standard the default
   * @return the text
   */
  public String string(String key, String standard) {
    Object value = value(key);
    if (value == null) {
      return standard;
    }
    if (value instanceof String text) {
      return text;
    }
    wrong(key, value, "a string");
    return standard;
  }

  /**
   * A text that must be there and not be empty.
   *
   * @param key the key
   * @param expected what to put there, for the message
   * @return the text; empty if it was reported
   */
  public String required(String key, String expected) {
    Object value = value(key);
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    if (value == null) {
      report(key, "nothing", expected);
    } else {
      wrong(key, value, expected);
    }
    return "";
  }

  /**
   * One word of several.
   *
   * @param key the key
   * @param standard the default
   * @param words the words allowed
   * @return the word
   */
  public String choice(String key, String standard, List<String> words) {
    Object value = value(key);
    if (value == null) {
      return standard;
    }
    if (value instanceof String text && words.contains(text)) {
      return text;
    }
    wrong(key, value, "one of " + String.join(", ", words));
    return standard;
  }

  /**
   * A whole number.
   *
   * @param key the key
   * @param standard the default
   * @param min the smallest allowed
   * @param max the largest allowed
   * @return the number
   */
  public int integer(String key, int standard, int min, int max) {
    Object value = value(key);
    if (value == null) {
      return standard;
    }
    boolean whole = value instanceof Integer || value instanceof Long;
    if (whole && ((Number) value).longValue() >= min && ((Number) value).longValue() <= max) {
      return ((Number) value).intValue();
    }
    wrong(key, value, "a whole number from " + min + " to " + max);
    return standard;
  }

  /**
   * True or false.
   *
   * @param key the key
   * @param standard the default
   * @return the value
   */
  public boolean bool(String key, boolean standard) {
    Object value = value(key);
    if (value == null) {
      return standard;
    }
    if (value instanceof Boolean bool) {
      return bool;
    }
    wrong(key, value, "true or false");
    return standard;
  }

  /**
   * A list of texts.
   *
   * @param key the key
   * @param standard the default
   * @return the texts
   */
  public List<String> strings(String key, List<String> standard) {
    if (value(key) == null) {
      return standard;
    }
    List<?> elements = array(key, "an array of strings");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof String text) {
        texts.add(text);
      } else {
        wrong(key + "[" + i + "]", elements.get(i), "a string");
      }
    }
    return texts;
  }

  /**
   * Reports a value that was read but cannot be meant.
   *
   * @param key the key
   * @param found what stands there
   * @param expected what may stand there
   */
  public void report(String key, String found, String expected) {
    problems.add(new Problem(pathOf(key), found, expected));
  }

  /** Reports every key, here and in the sections below, that nobody has read. Called at the end. */
  public void refuseUnread() {
    for (String key : json.fieldNames()) {
      if (!read.contains(key)) {
        String known = read.isEmpty() ? "no key" : "one of " + String.join(", ", read);
        report(key, "an unknown key", known);
      }
    }
    children.forEach(Section::refuseUnread);
  }

  /**
   * What has been found wrong so far, in the whole configuration this section belongs to.
   *
   * @return the problems
   */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  private Object value(String key) {
    read.add(key);
    return json.getValue(key);
  }

  private List<?> array(String key, String expected) {
    Object value = value(key);
    if (value instanceof JsonArray array) {
      List<Object> elements = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        elements.add(array.getValue(i));
      }
      return elements;
    }
    if (value != null) {
      wrong(key, value, expected);
    }
    return List.of();
  }

  private void wrong(String key, Object value, String expected) {
    report(key, shown(value), expected);
  }

  private static String shown(Object value) {
    String text = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
