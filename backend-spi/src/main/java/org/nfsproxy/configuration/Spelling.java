package org.nfsproxy.configuration;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody meant whose word nobody knows. */
public final class Spelling {
  /** Longer words than any of ours are not compared: the work grows with the square. */
  private static final int LENGTH_MAX = 128;

  private Spelling() {}

  /**
   * The known word that is nearest to another, if one is near enough to be told: a third of the
   * letters may differ. Upper and lower case, {@code _} and {@code -} make no difference.
   *
   * @param word what was written
   * @param known what could have been meant
   * @return the first of the nearest
   */
  public static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    return known.stream()
        .filter(
            each ->
                distance(plain(word), plain(each))
                    <= Math.max(1, Math.max(word.length(), each.length()) / 3))
        .min(Comparator.comparingInt(each -> distance(plain(word), plain(each))));
  }

  /**
   * Whether two words are the same but for upper and lower case, {@code _} and {@code -}.
   *
   * @param one a word
   * @param other another
   * @return whether a person would take them for the same
   */
  public static boolean same(String one, String other) {
    return plain(one).equals(plain(other));
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  // Letters put in, left out, replaced, or two neighbours exchanged (optimal string alignment).
  static int distance(String one, String other) {
    int[][] steps = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, one, other, i, j);
      }
    }
    return steps[one.length()][other.length()];
  }

  private static int step(int[][] steps, String one, String other, int i, int j) {
    int differs = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(steps[i - 1][j - 1] + differs, Math.min(steps[i - 1][j] + 1, steps[i][j - 1] + 1));
    boolean exchanged =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return exchanged ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
  }
}
