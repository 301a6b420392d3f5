package org.nfsproxy.server.policy;

/**
 * What happens to the AUTH_SYS credential of a call.
 *
 * @param squash whose identity is taken away
 * @param anonUid the anonymous user, unsigned
 * @param anonGid its group, unsigned
 */
public record Squashing(Squash squash, int anonUid, int anonGid) {
  /** The uid and gid of the user nobody, on Linux. */
  public static final int NOBODY_ID = 65534;

  // Linux (fs/nfsd/auth.c, nfsd_setuser) takes an id of -1 for the anonymous one, whatever the
  // export says. With NONE we leave that to the origin, and the credential untouched.
  private static final int NO_ID = -1;

  /**
   * What happens to a credential that has to serve for two exports: the stricter squash, and where
   * they differ the user nobody for the anonymous one. Why not one of the two exports': {@code
   * docs/decisions/0006-squash-in-a-compound.md}.
   *
   * @return what neither export has to fear
   */
  public Squashing with(Squashing other) {
    if (equals(other)) {
      return this;
    }
    Squash stricter = squash.compareTo(other.squash) >= 0 ? squash : other.squash;
    return new Squashing(stricter, NOBODY_ID, NOBODY_ID);
  }

  int uid(int uid) {
    return isTaken(uid) ? anonUid : uid;
  }

  int gid(int gid) {
    return isTaken(gid) ? anonGid : gid;
  }

  // Linux leaves a supplementary group of -1 alone.
  int supplementaryGid(int gid) {
    return squash == Squash.ROOT && gid == 0 ? anonGid : gid;
  }

  private boolean isTaken(int id) {
    return switch (squash) {
      case NONE -> false;
      case ROOT -> id == 0 || id == NO_ID;
      case ALL -> true;
    };
  }
}
