package org.nfsproxy.tls;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks for what a failure means among what it says was its cause. */
// Engines of TLS wrap what they mean in exceptions that mean nothing, in several layers.
public final class Causes {
  /** More than there are; one that causes itself ends too. */
  private static final int MAX = 8;

  private Causes() {}

  /**
   * The first that means something.
   *
   * @param failure the outermost
   * @param meaning of one alone; null for none
   * @param <T> what they mean
   * @return null if none does
   */
  public static <T> @Nullable T first(
      Throwable failure, Function<Throwable, ? extends @Nullable T> meaning) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX; i++, cause = cause.getCause()) {
      T found = meaning.apply(cause);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
