package org.nfsproxy.server.cache;

import java.util.List;

/**
 * Of which exports' files data are kept.
 *
 * @param without paths, as an export has them, of which nothing is, nor of those below
 */
public record KeptPaths(List<String> without) {
  /** Of all exports. */
  public static final KeptPaths ALL = new KeptPaths(List.of());

  /** Paths. */
  public KeptPaths {
    without = List.copyOf(without);
  }

  /** Whether it does not matter where a file is. */
  public boolean isEverywhere() {
    return without.isEmpty();
  }

  /**
   * Whether data are kept of the files of an export.
   *
   * @param path where it is
   */
  public boolean has(String path) {
    return without.stream().noneMatch(out -> isIn(out, path));
  }

  private static boolean isIn(String above, String path) {
    return above.equals("/") || path.equals(above) || path.startsWith(above + "/");
  }
}
