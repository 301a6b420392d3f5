package org.nfsproxy.backend.coordinated.kernel;

/**
 * A filesystem's mount, as three descriptors.
 *
 * @param pinFd the root in the administrator's mount: while it is open, umount(8) says "target is
 *     busy", and nobody mounts a disk elsewhere that is still in use here
 * @param treeFd a mount of our own: a private copy of that one, without what is mounted in it
 * @param rootFd the root in our own mount, open for reading: what open_by_handle_at(2) goes by
 */
// In a copy, a directory that something is mounted on is a directory: no name leads out of the
// filesystem, whatever is mounted and unmounted meanwhile.
record Mount(int pinFd, int treeFd, int rootFd) {
  /** {@code struct mount_attr}: set, clear, propagation, user namespace; 8 bytes each. */
  private static final int ATTRIBUTES_BYTES = 32;

  /** Opens a mount; needs CAP_SYS_ADMIN. */
  static Mount of(Scratch scratch, int pinFd) throws UnsuitableException {
    long treeFd =
        Syscall.OPEN_TREE.call(
            pinFd,
            scratch.path(new byte[0]),
            Flags.AT_EMPTY_PATH | Flags.OPEN_TREE_CLONE | Flags.O_CLOEXEC);
    if (treeFd < 0) {
      throw new UnsuitableException(
          "cannot be mounted once more (open_tree: errno " + -treeFd + ")");
    }
    scratch.memory().putLong(Scratch.RECORD, 0).putLong(Scratch.RECORD + 8, 0);
    scratch.memory().putLong(Scratch.RECORD + 16, Flags.MS_PRIVATE);
    scratch.memory().putLong(Scratch.RECORD + 24, 0);
    long returned =
        Syscall.MOUNT_SETATTR.call(
            treeFd,
            scratch.path(new byte[0]),
            Flags.AT_EMPTY_PATH,
            scratch.at(Scratch.RECORD),
            ATTRIBUTES_BYTES);
    long rootFd =
        returned < 0
            ? returned
            : Syscall.OPENAT.call(
                treeFd,
                scratch.path(new byte[] {'.'}),
                Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_CLOEXEC,
                0);
    if (rootFd < 0) {
      Syscall.CLOSE.call(treeFd);
      throw new UnsuitableException("cannot be mounted privately (errno " + -rootFd + ")");
    }
    return new Mount(pinFd, (int) treeFd, (int) rootFd);
  }

  void close() {
    Syscall.CLOSE.call(rootFd);
    Syscall.CLOSE.call(treeFd);
    Syscall.CLOSE.call(pinFd);
  }
}
