package org.nfsproxy.configuration;

import org.jspecify.annotations.Nullable;

/**
 * Which mistake in files that are looked at again and again is to be told. For one thread at a
 * time.
 */
// Whoever replaces two files does so one after the other, so that for a moment they may not belong
// together: what is wrong is told when it is found a second time, once.
public final class FileMistakes {
  private @Nullable String seenOnce;
  private @Nullable String told;

  /** None was found yet. */
  public FileMistakes() {}

  /** The files are as they should be. */
  public void none() {
    seenOnce = null;
    told = null;
  }

  /**
   * Something is wrong.
   *
   * @param mistake in words
   * @return whether to tell it
   */
  public boolean isToBeTold(String mistake) {
    boolean isNews = mistake.equals(seenOnce) && !mistake.equals(told);
    if (isNews) {
      told = mistake;
    }
    seenOnce = mistake;
    return isNews;
  }
}
