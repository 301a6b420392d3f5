package org.nfsproxy.backend.coordinated.kernel;

/** How large a file may become: no call tells, but lseek(2) refuses what is beyond. */
// A file without a name (O_TMPFILE) is opened for it, which vanishes when it is closed: a directory
// would not do, since in ext4 a place in a directory is a hash.
final class LargestFile {
  private static final int SEEK_SET = 0;
  private static final int OWNER_ONLY = 0600;

  private LargestFile() {}

  /** Bytes; where the filesystem cannot be written, what no file exceeds anywhere. */
  static long of(Scratch scratch, int directoryFd) {
    long fd =
        Syscall.OPENAT.call(
            directoryFd,
            scratch.path(new byte[] {'.'}),
            Flags.O_TMPFILE | Flags.O_WRONLY | Flags.O_CLOEXEC,
            OWNER_ONLY);
    if (fd < 0) {
      return Long.MAX_VALUE;
    }
    long possible = 0;
    for (long step = 1L << 62; step > 0; step >>= 1) {
      if (Syscall.LSEEK.call(fd, possible + step, SEEK_SET) >= 0) {
        possible += step;
      }
    }
    Syscall.CLOSE.call(fd);
    return possible;
  }
}
