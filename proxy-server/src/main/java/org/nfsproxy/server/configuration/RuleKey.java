package org.nfsproxy.server.configuration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
 * @param <T> the type of its value
 */
record RuleKey<T>(Key<T> key) {
  private static final String SECTION = "exports.parameters.";

  /** The largest id: the one above means "none" to Linux. */
  private static final long ID_MAX = 0xffff_fffeL;

  T in(Section parameters) {
    return key.in(parameters);
  }

  @Nullable T orNull(Section rule) {
    return rule.isGiven(key.name()) ? key.reader().read(rule, key.name()) : null;
  }

  private static <T> RuleKey<T> of(
      String name,
      T standard,
      String range,
      String meaning,
      String why,
      ValueForm form,
      Key.Reader<T> reader) {
    return new RuleKey<>(
        new Key<>(SECTION + name, standard, range, meaning, why, reader, Applied.AT_ONCE, form));
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
        (s, n) -> s.strings(n, standard, form));
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
        (s, n) -> s.strings(n, standard, words::contains, range));
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
        (s, n) -> values[words.indexOf(s.choice(n, word(standard), words))]);
  }

  static RuleKey<Long> id(String name, long standard, String meaning, String why) {
    return of(
        name,
        standard,
        "0 to " + ID_MAX,
        meaning,
        why,
        ValueForm.number(0, ID_MAX),
        (s, n) -> s.int64(n, standard, 0, ID_MAX));
  }

  static RuleKey<Boolean> bool(String name, boolean standard, String meaning, String why) {
    return of(
        name,
        standard,
        "true or false",
        meaning,
        why,
        ValueForm.flag(),
        (s, n) -> s.bool(n, standard));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String quoted(String word) {
    return '"' + word + '"';
  }
}
