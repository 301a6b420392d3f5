package org.nfsproxy.server.configuration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nfsproxy.configuration.Applied;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.configuration.ValueForm;

/**
 * A key of {@code exports.parameters} that each of {@code exports.rules} may set too. There it has
 * no default: what a rule does not set, stays as it was.
 *
 * @param key the key of {@code exports.parameters}
 * @param readers makes a reader for a default; for null, one that gives null where the key is
 *     absent
 * @param <T> the type of its value
 */
record RuleKey<T>(Key<T> key, Function<T, Key.Reader<T>> readers) {
  private static final String SECTION = "exports.parameters.";
  private static final long ABSENT = -1;

  /** The largest id: the one above means "none" to Linux. */
  private static final long ID_MAX = 0xffff_fffeL;

  T in(Section parameters) {
    return key.in(parameters);
  }

  T orNull(Section rule) {
    return readers.apply(null).read(rule, key.name());
  }

  private static <T> RuleKey<T> of(
      String name,
      T standard,
      String range,
      String meaning,
      String why,
      ValueForm form,
      Function<T, Key.Reader<T>> readers) {
    Key.Reader<T> reader = readers.apply(standard);
    Key<T> key =
        new Key<>(SECTION + name, standard, range, meaning, why, reader, Applied.AT_ONCE, form);
    return new RuleKey<>(key, readers);
  }

  static RuleKey<List<String>> texts(
      String name, List<String> standard, TextForm form, String meaning, String why) {
    return of(
        name,
        standard,
        "an array, each " + form.words(),
        meaning,
        why,
        ValueForm.array(ValueForm.text(form)),
        absent -> (s, n) -> s.strings(n, absent, form));
  }

  static RuleKey<List<String>> words(
      String name, List<String> standard, List<String> words, String meaning, String why) {
    String range =
        "one of " + words.stream().map(RuleKey::quoted).collect(Collectors.joining(", "));
    return of(
        name,
        standard,
        "an array, each " + range,
        meaning,
        why,
        ValueForm.array(ValueForm.words(words)),
        absent -> (s, n) -> s.strings(n, absent, words::contains, range));
  }

  static <E extends Enum<E>> RuleKey<E> choice(
      String name, E standard, String meaning, String why) {
    E[] values = standard.getDeclaringClass().getEnumConstants();
    List<String> words = Arrays.stream(values).map(RuleKey::word).toList();
    return of(
        name,
        standard,
        words.stream().map(RuleKey::quoted).collect(Collectors.joining(" or ")),
        meaning,
        why,
        ValueForm.words(words),
        absent ->
            (s, n) -> {
              String word = s.choice(n, absent == null ? null : word(absent), words);
              return word == null ? null : values[words.indexOf(word)];
            });
  }

  static RuleKey<Long> id(String name, long standard, String meaning, String why) {
    return of(
        name,
        standard,
        "0 to " + ID_MAX,
        meaning,
        why,
        ValueForm.number(0, ID_MAX),
        absent ->
            (s, n) -> {
              long id = s.int64(n, absent == null ? ABSENT : absent, 0, ID_MAX);
              return id == ABSENT ? null : Long.valueOf(id);
            });
  }

  static RuleKey<Boolean> bool(String name, boolean standard, String meaning, String why) {
    return of(
        name,
        standard,
        "true or false",
        meaning,
        why,
        ValueForm.flag(),
        absent -> (s, n) -> absent == null ? boolOrNull(s, n) : Boolean.valueOf(s.bool(n, absent)));
  }

  // What is absent takes either default; a wrong value is reported once, by the first reading.
  private static Boolean boolOrNull(Section section, String name) {
    int problems = section.problems().size();
    boolean orFalse = section.bool(name, false);
    if (orFalse || section.problems().size() > problems) {
      return orFalse;
    }
    return section.bool(name, true) ? null : Boolean.FALSE;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String quoted(String word) {
    return '"' + word + '"';
  }
}
