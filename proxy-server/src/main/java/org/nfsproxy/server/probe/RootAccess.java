package org.nfsproxy.server.probe;

/**
 * Whether uid 0 is root to a server.
 *
 * @param isSure whether nothing else would look so
 */
record RootAccess(Kind kind, boolean isSure, String why) {
  /** What became of uid 0. */
  enum Kind {
    /** It is root: {@code no_root_squash}. */
    ROOT,
    /** It is somebody without rights: {@code root_squash}. */
    SQUASHED,
    /** Cannot be told. */
    UNKNOWN
  }

  static RootAccess unknown(String why) {
    return new RootAccess(Kind.UNKNOWN, false, why);
  }

  /** In a word. */
  String shown() {
    return switch (kind) {
      case ROOT -> isSure ? "root" : "root?";
      case SQUASHED -> isSure ? "squashed" : "squashed?";
      case UNKNOWN -> "?";
    };
  }
}
