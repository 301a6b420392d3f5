package org.nfsproxy.configuration;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A form that a text may have.
 *
 * @param allowed whether a text has it
 * @param words the form, as a person would say it
 * @param pattern a regular expression (ECMA-262) for editors, which every text of the form matches
 *     as a whole; empty if there is none. It may match more than the form has
 * @param remark what an administrator should be told of a text that has the form and hardly is what
 *     was meant; empty if nothing
 */
public record TextForm(
    Predicate<String> allowed, String words, String pattern, Function<String, String> remark) {

  /** A file or a folder, wherever the process was started. */
  public static final TextForm ABSOLUTE_PATH =
      of(text -> text.startsWith("/"), "an absolute path", "/.*");

  /**
   * A form of which editors know nothing, and about which nothing is told.
   *
   * @param allowed whether a text has it
   * @param words the form, as a person would say it
   * @return the form
   */
  public static TextForm of(Predicate<String> allowed, String words) {
    return new TextForm(allowed, words, "", text -> "");
  }

  /**
   * A form that editors know too.
   *
   * @param allowed whether a text has it
   * @param words the form, as a person would say it
   * @param pattern a regular expression that every text of the form matches as a whole
   * @return the form
   */
  public static TextForm of(Predicate<String> allowed, String words, String pattern) {
    return new TextForm(allowed, words, pattern, text -> "");
  }

  /**
   * This form, or no text at all.
   *
   * @return the form that an empty text has too
   */
  public TextForm orEmpty() {
    return new TextForm(
        text -> text.isEmpty() || allowed.test(text),
        words + ", or empty",
        pattern.isEmpty() ? "" : "(" + pattern + ")?",
        text -> text.isEmpty() ? "" : remark.apply(text));
  }
}
