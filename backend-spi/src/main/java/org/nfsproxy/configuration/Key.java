package org.nfsproxy.configuration;

import io.vertx.core.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A key of the configuration, written down once: the reader, the messages and the reference page
 * all take it from here.
 *
 * @param path the key's path, for example {@code limits.recordBytesMax}
 * @param standard the default; null if the key has none and must be there
 * @param range what may stand there, as a person would say it
 * @param meaning what it does, in one or two sentences
 * @param why where the default comes from
 * @param reader how a section is asked for it
 * @param applied when a changed value takes effect in a proxy that runs
 * @param form what may stand there, as a JSON Schema says it
 * @param <T> the type of its value
 */
public record Key<T>(
    String path,
    @Nullable T standard,
    String range,
    String meaning,
    String why,
    Reader<T> reader,
    Applied applied,
    ValueForm form) {

  /**
   * A key whose changed value takes effect with a restart, as most do.
   *
   * @param path the key's path
   * @param standard the default; null if the key has none and must be there
   * @param range what may stand there
   * @param meaning what it does
   * @param why where the default comes from
   * @param reader how a section is asked for it
   */
  public Key(
      String path,
      @Nullable T standard,
      String range,
      String meaning,
      String why,
      Reader<T> reader) {
    this(path, standard, range, meaning, why, reader, Applied.AT_RESTART, ValueForm.any());
  }

  /**
   * This key, with another word on when a changed value takes effect.
   *
   * @param when when it does
   * @return the key
   */
  public Key<T> applied(Applied when) {
    return new Key<>(path, standard, range, meaning, why, reader, when, form);
  }

  /**
   * This key, with what a JSON Schema says of its value.
   *
   * @param of what may stand there
   * @return the key
   */
  public Key<T> form(ValueForm of) {
    return new Key<>(path, standard, range, meaning, why, reader, applied, of);
  }

  /**
   * Asks a section for a key's value.
   *
   * @param <T> the type of the value
   */
  @FunctionalInterface
  public interface Reader<T> {
    /**
     * Reads the value, or reports what is wrong with it and gives the default.
     *
     * @param section the section the key stands in
     * @param name the key's name in it
     * @return the value
     */
    T read(Section section, String name);
  }

  /**
   * The value of this key.
   *
   * @param section the section this key stands in
   * @return what stands there, or the default
   */
  public T in(Section section) {
    if (!section.path().equals(sectionPath())) {
      throw new IllegalArgumentException(path + " is not a key of section " + section.path());
    }
    return reader.read(section, name());
  }

  /**
   * The last word of the path.
   *
   * @return the key's name in its section
   */
  public String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /**
   * The path without its last word.
   *
   * @return the section's path; empty for the whole configuration
   */
  public String sectionPath() {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  /**
   * A key whose value is a whole number.
   *
   * @param path the key's path
   * @param standard the default
   * @param min the smallest allowed
   * @param max the largest allowed
   * @param meaning what it does
   * @param why where the default comes from
   * @return the key
   */
  public static Key<Integer> int32(
      String path, int standard, int min, int max, String meaning, String why) {
    return new Key<>(
            path,
            standard,
            min + " to " + max,
            meaning,
            why,
            (s, n) -> s.integer(n, standard, min, max))
        .form(ValueForm.number(min, max));
  }

  /**
   * A key whose value is a whole number that may be beyond 2^31-1.
   *
   * @param path the key's path
   * @param standard the default
   * @param min the smallest allowed
   * @param max the largest allowed
   * @param meaning what it does
   * @param why where the default comes from
   * @return the key
   */
  public static Key<Long> int64(
      String path, long standard, long min, long max, String meaning, String why) {
    return new Key<>(
            path,
            standard,
            min + " to " + max,
            meaning,
            why,
            (s, n) -> s.int64(n, standard, min, max))
        .form(ValueForm.number(min, max));
  }

  /**
   * A key that is true or false.
   *
   * @param path the key's path
   * @param standard the default
   * @param meaning what it does
   * @param why where the default comes from
   * @return the key
   */
  public static Key<Boolean> bool(String path, boolean standard, String meaning, String why) {
    return new Key<>(path, standard, "true or false", meaning, why, (s, n) -> s.bool(n, standard))
        .form(ValueForm.flag());
  }

  /**
   * A key whose value is a text of a certain form.
   *
   * @param path the key's path
   * @param standard the default
   * @param allowed whether a text has the form
   * @param range the form, as a person would say it
   * @param meaning what it does
   * @param why where the default comes from
   * @return the key
   */
  public static Key<String> text(
      String path,
      String standard,
      Predicate<String> allowed,
      String range,
      String meaning,
      String why) {
    return text(path, standard, TextForm.of(allowed, range), meaning, why);
  }

  /**
   * A key whose value is a text of a certain form.
   *
   * @param path the key's path
   * @param standard the default
   * @param form the form
   * @param meaning what it does
   * @param why where the default comes from
   * @return the key
   */
  public static Key<String> text(
      String path, String standard, TextForm form, String meaning, String why) {
    return new Key<>(
            path, standard, form.words(), meaning, why, (s, n) -> s.string(n, standard, form))
        .form(ValueForm.text(form));
  }

  /**
   * A key whose value is a text of a certain form and that has no default.
   *
   * @param path the key's path
   * @param allowed whether a text has the form
   * @param range the form, as a person would say it
   * @param meaning what it does
   * @return the key
   */
  public static Key<String> required(
      String path, Predicate<String> allowed, String range, String meaning) {
    return required(path, TextForm.of(allowed, range), meaning);
  }

  /**
   * A key whose value is a text of a certain form and that has no default.
   *
   * @param path the key's path
   * @param form the form
   * @param meaning what it does
   * @return the key
   */
  public static Key<String> required(String path, TextForm form, String meaning) {
    Reader<String> reader = (s, n) -> s.required(n, form.allowed(), form.words());
    return new Key<>(path, null, form.words(), meaning, "", reader).form(ValueForm.text(form));
  }

  /**
   * A key whose value is a list of texts of a certain form; empty by default.
   *
   * @param path the key's path
   * @param allowed whether a text has the form
   * @param range the form of one text, as a person would say it
   * @param meaning what it does
   * @param why where the default comes from
   * @return the key
   */
  public static Key<List<String>> texts(
      String path, Predicate<String> allowed, String range, String meaning, String why) {
    return texts(path, List.of(), TextForm.of(allowed, range), meaning, why);
  }

  /**
   * A key whose value is a list of texts of a certain form.
   *
   * @param path the key's path
   * @param standard the default
   * @param form the form of one text
   * @param meaning what it does
   * @param why where the default comes from
   * @return the key
   */
  public static Key<List<String>> texts(
      String path, List<String> standard, TextForm form, String meaning, String why) {
    return new Key<>(
            path,
            standard,
            "an array, each " + form.words(),
            meaning,
            why,
            (s, n) -> s.strings(n, standard, form))
        .form(ValueForm.array(ValueForm.text(form)));
  }

  /**
   * A key whose value is one of an enum's names, in lower case.
   *
   * @param path the key's path
   * @param standard the default
   * @param meaning what it does
   * @param why where the default comes from
   * @param <E> the enum
   * @return the key
   */
  public static <E extends Enum<E>> Key<E> choice(
      String path, E standard, String meaning, String why) {
    E[] values = standard.getDeclaringClass().getEnumConstants();
    List<String> words = Arrays.stream(values).map(Key::word).toList();
    String range = words.stream().map(w -> '"' + w + '"').collect(Collectors.joining(" or "));
    return new Key<>(
            path,
            standard,
            range,
            meaning,
            why,
            (s, n) -> values[words.indexOf(s.choice(n, word(standard), words))])
        .form(ValueForm.words(words));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The default as it would stand in a file.
   *
   * @return JSON, or {@code none} if the key must be there
   */
  public String standardAsJson() {
    if (standard == null) {
      return "none";
    }
    Object value = standard instanceof Enum<?> constant ? word(constant) : standard;
    return Json.encode(value);
  }
}
