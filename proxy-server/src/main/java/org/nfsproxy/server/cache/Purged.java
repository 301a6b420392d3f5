package org.nfsproxy.server.cache;

import org.jspecify.annotations.Nullable;

/**
 * What an instance said when it was told to forget everything.
 *
 * @param instance its name
 * @param droppedBytes of data that were in its memory
 * @param why why nobody knows whether it has; null if it has
 */
public record Purged(String instance, long droppedBytes, @Nullable String why) {
  /** It has forgotten everything. */
  public static Purged of(String instance, long droppedBytes) {
    return new Purged(instance, droppedBytes, null);
  }

  /** It has not said so. */
  public static Purged not(String instance, String why) {
    return new Purged(instance, 0, why);
  }
}
