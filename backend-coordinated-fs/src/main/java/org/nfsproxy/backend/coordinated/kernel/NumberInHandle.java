package org.nfsproxy.backend.coordinated.kernel;

import java.util.List;

/**
 * Where a filesystem's handles hold the number of the inode.
 *
 * @param magic the filesystem's kind
 * @param type of the handle
 * @param handleBytes length of the handle
 * @param at where in it the number begins
 * @param bytes length of the number, 4 or 8
 */
// Only to tell whether a handle and attributes, which two system calls gave for one name, are those
// of one object: see isSurelyOf. Nothing is taken from a handle, and of a kind that is not here,
// nothing is known.
record NumberInHandle(long magic, int type, int handleBytes, int at, int bytes) {
  private static final int FILEID_INO32_GEN = 1;
  private static final int XFS_FILEID_INO64_GEN = 0x81;
  private static final int FILEID_BTRFS_WITHOUT_PARENT = 0x4d;

  /** Little-endian, as are all machines of {@link Machine}: tmpfs has its low half first. */
  private static final List<NumberInHandle> ALL =
      List.of(
          new NumberInHandle(Filesystem.EXT4_SUPER_MAGIC, FILEID_INO32_GEN, 8, 0, 4),
          new NumberInHandle(Filesystem.XFS_SUPER_MAGIC, FILEID_INO32_GEN, 8, 0, 4),
          new NumberInHandle(Filesystem.XFS_SUPER_MAGIC, XFS_FILEID_INO64_GEN, 12, 0, 8),
          new NumberInHandle(Filesystem.TMPFS_MAGIC, FILEID_INO32_GEN, 12, 4, 8),
          new NumberInHandle(Filesystem.BTRFS_SUPER_MAGIC, FILEID_BTRFS_WITHOUT_PARENT, 20, 0, 8));

  /** What every btrfs subvolume's root has. */
  private static final long BTRFS_FIRST_FREE_OBJECTID = 256;

  /**
   * Whether attributes that were asked for after the handle in the scratch memory, by the same
   * name, are its object's; or the object was gone by then, and the handle is stale.
   *
   * @param filesystem of both
   * @param number the inode's, as the attributes have it
   * @return false if they are another's, or if nobody knows
   */
  // No two objects that are there at one time have one number. In btrfs it is each subvolume that
  // has its numbers, but all that a directory has names of, other than roots of subvolumes, is in
  // its own.
  static boolean isSurelyOf(Filesystem filesystem, Scratch scratch, long number) {
    if (filesystem.magic() == Filesystem.BTRFS_SUPER_MAGIC && number == BTRFS_FIRST_FREE_OBJECTID) {
      return false;
    }
    for (NumberInHandle row : ALL) {
      if (row.isFor(filesystem, scratch)) {
        return row.number(scratch) == number;
      }
    }
    return false;
  }

  private boolean isFor(Filesystem filesystem, Scratch scratch) {
    return magic == filesystem.magic()
        && type == KernelHandles.type(scratch)
        && handleBytes == KernelHandles.length(scratch);
  }

  private long number(Scratch scratch) {
    int from = KernelHandles.BYTES_AT + at;
    return bytes == Long.BYTES
        ? scratch.memory().getLong(from)
        : Integer.toUnsignedLong(scratch.memory().getInt(from));
  }
}
