package org.nfsproxy.server.policy;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions of NFS that rules can tell apart. */
public enum NfsVersion {
  /** RFC 1094. */
  V2("2", 2, 0),
  /** RFC 1813. */
  V3("3", 3, 0),
  /** RFC 7530. */
  V4_0("4.0", 4, 0),
  /** RFC 8881. */
  V4_1("4.1", 4, 1),
  /** RFC 7862. */
  V4_2("4.2", 4, 2);

  private static final NfsVersion[] ALL = values();

  private final String word;
  private final int version;
  private final int minorVersion;

  NfsVersion(String word, int version, int minorVersion) {
    this.word = word;
    this.version = version;
    this.minorVersion = minorVersion;
  }

  /**
   * Finds a version.
   *
   * @param version the RPC program's version, as on the wire; that of NFS_ACL is the same
   * @param minorVersion the COMPOUND's, as on the wire; 0 where there is none
   * @return the version, or null: no rule allows one that nobody here knows
   */
  public static @Nullable NfsVersion of(int version, int minorVersion) {
    for (NfsVersion each : ALL) {
      if (each.version == version && each.minorVersion == minorVersion) {
        return each;
      }
    }
    return null;
  }

  /**
   * The version of the RPC program.
   *
   * @return 2, 3 or 4
   */
  public int version() {
    return version;
  }

  /**
   * The word in a configuration.
   *
   * @return for example {@code 4.1}
   */
  public String word() {
    return word;
  }

  /**
   * All words.
   *
   * @return from the oldest on
   */
  public static List<String> words() {
    return Arrays.stream(values()).map(NfsVersion::word).toList();
  }

  /**
   * Finds a word.
   *
   * @param word one of {@link #words}
   * @return what it stands for
   */
  public static NfsVersion ofWord(String word) {
    return values()[words().indexOf(word)];
  }
}
