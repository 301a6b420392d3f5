package org.nfsproxy.backend.coordinated.kernel;

import org.nfsproxy.backend.coordinated.agreement.FilesystemTraits;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** Asks the kernel for what tells a filesystem from all others. */
final class Proof {
  /** FS_IOC_GETFSUUID, since Linux 6.9: a length, and up to 16 bytes. */
  private static final long GET_UUID = 0x8011_1500L;

  private static final int UUID_BYTES = 16;
  private static final long NANOS_OF_SECOND = 1_000_000_000L;

  private Proof() {}

  static FilesystemTraits of(
      Scratch scratch, String path, int rootFd, ObjectHandle root, Filesystem filesystem)
      throws FilesException {
    return new FilesystemTraits(
        path,
        root.wire(),
        filesystem.kind(),
        uuid(scratch, rootFd),
        filesystem.fsid(),
        born(scratch, rootFd));
  }

  private static byte[] uuid(Scratch scratch, int rootFd) {
    long returned = Syscall.IOCTL.call(rootFd, GET_UUID, scratch.at(Scratch.RECORD));
    int length = returned < 0 ? 0 : scratch.memory().get(Scratch.RECORD);
    return length == UUID_BYTES ? scratch.bytes(Scratch.RECORD + 1, length) : new byte[0];
  }

  private static long born(Scratch scratch, int rootFd) throws FilesException {
    Stat.fill(scratch, rootFd, Flags.STATX_BTIME);
    int told = scratch.memory().getInt(Scratch.STAT);
    return (told & Flags.STATX_BTIME) == 0
        ? 0
        : scratch.memory().getLong(Scratch.STAT + 80) * NANOS_OF_SECOND
            + scratch.memory().getInt(Scratch.STAT + 88);
  }
}
