package org.nfsproxy.server.probe;

import org.nfsproxy.nfs.Filehandle;

/**
 * An entry of a directory, of the directory's own filesystem.
 *
 * @param mode permission bits, or -1
 * @param owner uid, or -1 where the server says a name
 * @param type nfs_ftype4, which is ftype3 too
 */
record SeenEntry(String name, Filehandle handle, int mode, long owner, int type) {
  private static final int OTHERS_READ = 4;
  private static final int OTHERS_WRITE = 2;
  private static final int SYMLINK = 5;

  /** Whether the mode keeps others from reading it. */
  boolean isUnreadableToOthers() {
    return mode >= 0 && (mode & OTHERS_READ) == 0;
  }

  /** Whether the mode keeps others from reading or writing it. */
  boolean isClosedToOthers() {
    return type != SYMLINK
        && mode >= 0
        && (mode & (OTHERS_READ | OTHERS_WRITE)) != (OTHERS_READ | OTHERS_WRITE);
  }
}
