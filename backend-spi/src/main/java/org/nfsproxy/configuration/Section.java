package org.nfsproxy.configuration;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One JSON object of the configuration, read key by key. A key that is absent gives its default; a
 * wrong type, a value out of range and a key that nobody read are reported as {@link Problem}s, all
 * of them, so that an administrator mends a file in one go.
 */
// Reading never throws: a wrong value is reported and the default returned, so that the code that
// reads the next keys still runs and finds their mistakes too. Whoever opens something looks at
// problems() first. A section whose value is no object is read as an empty one that keeps silent:
// one mistake, one line.
public final class Section {
  /** A key of the same name in more places than these does not tell what was meant. */
  private static final int PLACES_MAX = 4;

  private final String path;
  private final JsonObject json;
  private final List<Problem> problems;
  private final List<String> warnings;
  private final boolean silent;
  private final Set<String> read = new TreeSet<>();
  private final Map<String, Section> children = new LinkedHashMap<>();
  private boolean skipped;

  /**
   * The whole configuration.
   *
   * @param json the file's object
   */
  public Section(JsonObject json) {
    this("", json, new ArrayList<>(), new ArrayList<>(), false);
  }

  private Section(
      String path, JsonObject json, List<Problem> problems, List<String> warnings, boolean silent) {
    this.path = path;
    this.json = json;
    this.problems = problems;
    this.warnings = warnings;
    this.silent = silent;
  }

  /**
   * Where this section stands.
   *
   * @return the path of its key, for example {@code backend.origin}; empty for the whole
   */
  public String path() {
    return path;
  }

  /**
   * A section inside this one; an empty one where the key is absent. Asked for again, it is the
   * same section.
   *
   * @param key the key
   * @return the section
   */
  public Section section(String key) {
    Section known = children.get(key);
    if (known != null) {
      return known;
    }
    if (!has(key)) {
      return child(key, new JsonObject(), silent);
    }
    if (json.getValue(key) instanceof JsonObject object) {
      return child(key, object, silent);
    }
    wrong(key, json.getValue(key), "an object");
    return child(key, new JsonObject(), true);
  }

  private Section child(String key, JsonObject object, boolean silent) {
    Section child = new Section(pathOf(key), object, problems, warnings, silent);
    children.put(key, child);
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
        sections.add(child(at, object, silent));
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
    return string(key, standard, text -> true, "a string");
  }

  /**
   * A text of a certain form.
   *
   * @param key the key
   * @param standard the default
   * @param allowed whether a text has the form
   * @param expected the form, for the message
   * @return the text
   */
  public String string(String key, String standard, Predicate<String> allowed, String expected) {
    if (!has(key)) {
      return standard;
    }
    Object value = json.getValue(key);
    if (value instanceof String text && allowed.test(text)) {
      return text;
    }
    wrong(key, value, expected);
    return standard;
  }

  /**
   * A text of a certain form; what the form remarks of it becomes a warning.
   *
   * @param key the key
   * @param standard the default
   * @param form the form
   * @return the text
   */
  public String string(String key, String standard, TextForm form) {
    String text = string(key, standard, form.allowed(), form.words());
    remark(key, text, form);
    return text;
  }

  /**
   * A text that must be there and not be empty.
   *
   * @param key the key
   * @param expected what to put there, for the message
   * @return the text; empty if it was reported
   */
  public String required(String key, String expected) {
    return required(key, text -> !text.isBlank(), expected);
  }

  /**
   * A text of a certain form that must be there.
   *
   * @param key the key
   * @param allowed whether a text has the form
   * @param expected what to put there, for the message
   * @return the text; empty if it was reported
   */
  public String required(String key, Predicate<String> allowed, String expected) {
    if (!has(key)) {
      report(key, "nothing", expected);
      return "";
    }
    return string(key, "", allowed, expected);
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
    return string(key, standard, words::contains, "one of " + String.join(", ", words));
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
    return (int) int64(key, standard, min, max);
  }

  /**
   * A whole number that may be beyond 2^31-1, for example a number of bytes.
   *
   * @param key the key
   * @param standard the default
   * @param min the smallest allowed
   * @param max the largest allowed
   * @return the number
   */
  public long int64(String key, long standard, long min, long max) {
    if (!has(key)) {
      return standard;
    }
    Object value = json.getValue(key);
    boolean whole = value instanceof Integer || value instanceof Long;
    if (whole && ((Number) value).longValue() >= min && ((Number) value).longValue() <= max) {
      return ((Number) value).longValue();
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
    if (!has(key)) {
      return standard;
    }
    Object value = json.getValue(key);
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
    return strings(key, standard, text -> true, "a string");
  }

  /**
   * A list of texts of a certain form.
   *
   * @param key the key
   * @param standard the default
   * @param allowed whether a text has the form
   * @param expected the form of one text, for the message
   * @return the texts
   */
  public List<String> strings(
      String key, List<String> standard, Predicate<String> allowed, String expected) {
    if (!has(key)) {
      return standard;
    }
    List<?> elements = array(key, "an array of strings");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof String text && allowed.test(text)) {
        texts.add(text);
      } else {
        wrong(key + "[" + i + "]", elements.get(i), expected);
      }
    }
    return List.copyOf(texts);
  }

  /**
   * A list of texts of a certain form; what the form remarks of one becomes a warning.
   *
   * @param key the key
   * @param standard the default
   * @param form the form of one text
   * @return the texts
   */
  public List<String> strings(String key, List<String> standard, TextForm form) {
    int before = problems.size();
    List<String> texts = strings(key, standard, form.allowed(), form.words());
    for (int i = 0; i < texts.size() && problems.size() == before; i++) {
      remark(key + "[" + i + "]", texts.get(i), form);
    }
    return texts;
  }

  private void remark(String key, String text, TextForm form) {
    String remark = !form.allowed().test(text) ? "" : form.remark().apply(text);
    if (!remark.isEmpty()) {
      warn(key, remark);
    }
  }

  /**
   * Tells of something that is hardly what was meant, and does no harm as it stands.
   *
   * @param key the key
   * @param text what it means as it stands, and the cure
   */
  public void warn(String key, String text) {
    String warning = pathOf(key) + ": " + text;
    if (!silent && !warnings.contains(warning)) {
      warnings.add(warning);
    }
  }

  /**
   * Whether a key is there, whatever its value. It counts as read.
   *
   * @param key the key
   * @return false where its default holds
   */
  public boolean isGiven(String key) {
    return has(key);
  }

  /**
   * Reports a value that was read but cannot be meant.
   *
   * @param key the key
   * @param found what stands there
   * @param expected what may stand there
   */
  public void report(String key, String found, String expected) {
    if (!silent) {
      problems.add(new Problem(pathOf(key), found, expected));
    }
  }

  /**
   * Whether a mistake of a key of this section has been told, so that another one of it would be
   * the same again.
   *
   * @param key the key
   * @return true if it has, or if this section tells none
   */
  public boolean isReported(String key) {
    return silent || problems.stream().anyMatch(each -> each.key().equals(pathOf(key)));
  }

  /**
   * Refuses a key of former versions, with its cure instead of a guess.
   *
   * @param key the key
   * @param cure what is to be written instead
   */
  public void refuseFormer(String key, String cure) {
    if (json.containsKey(key)) {
      read.add(key);
      report(key, "a key that is none any more", cure);
    }
  }

  /**
   * Whether a key is here that nobody has read so far.
   *
   * @return true if {@link #refuseUnread()} would report one of this section's own, were it called
   *     now
   */
  public boolean hasUnread() {
    return !skipped && !read.containsAll(json.fieldNames());
  }

  /** Takes all keys as read, where nobody can tell which are right. */
  public void skipUnread() {
    skipped = true;
  }

  /** Reports every key, here and in the sections below, that nobody has read. Called at the end. */
  public void refuseUnread() {
    refuseUnread(List.of());
  }

  /**
   * The same, for whoever knows which keys there are: what was probably meant is told also if it is
   * a key of another section.
   *
   * @param paths the paths of all keys
   */
  public void refuseUnread(Collection<String> paths) {
    if (skipped) {
      return;
    }
    for (String key : json.fieldNames()) {
      if (!read.contains(key)) {
        refuseUnread(key, paths);
      }
    }
    children.values().forEach(child -> child.refuseUnread(paths));
  }

  private void refuseUnread(String key, Collection<String> paths) {
    if (silent) {
      return;
    }
    String own = pathOf(key);
    String meant =
        Spelling.nearest(key, read).map(this::pathOf).orElseGet(() -> elsewhere(key, paths));
    String known = read.isEmpty() ? "no key" : "one of " + String.join(", ", read);
    boolean isOfAnother = paths.contains(own.replaceAll("\\[[0-9]+\\]", "[]"));
    problems.add(
        isOfAnother
            ? new Problem(own, "a key that does not go with the others here", known)
            : new Problem(own, "an unknown key", known, meant));
  }

  // The places of a key, or of a section, of that name; empty if there are none, or too many to
  // tell.
  private static String elsewhere(String key, Collection<String> paths) {
    List<String> places =
        paths.stream()
            .flatMap(Section::itselfAndAbove)
            .filter(place -> Spelling.same(key, place.substring(place.lastIndexOf('.') + 1)))
            .distinct()
            .toList();
    return places.size() > PLACES_MAX ? "" : String.join(" or ", places);
  }

  private static Stream<String> itselfAndAbove(String path) {
    return Stream.iterate(
        path, at -> !at.isEmpty(), at -> at.substring(0, Math.max(0, at.lastIndexOf('.'))));
  }

  /**
   * What has been found wrong so far, in the whole configuration this section belongs to.
   *
   * @return the problems
   */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /**
   * What has been warned of so far, in the whole configuration this section belongs to.
   *
   * @return one line each, with the key's path
   */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  // A key that is there with the value null was written by somebody: it is no default.
  private boolean has(String key) {
    read.add(key);
    return json.containsKey(key);
  }

  private List<?> array(String key, String expected) {
    if (!has(key)) {
      return List.of();
    }
    Object value = json.getValue(key);
    if (value instanceof JsonArray array) {
      List<Object> elements = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        elements.add(array.getValue(i));
      }
      return elements;
    }
    wrong(key, value, expected);
    return List.of();
  }

  private void wrong(String key, Object value, String expected) {
    report(key, shown(value), expected);
  }

  // As JSON, so that a string stands in quotes and a line break in it does not break the line.
  private static String shown(Object value) {
    String text = Json.encode(value);
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
