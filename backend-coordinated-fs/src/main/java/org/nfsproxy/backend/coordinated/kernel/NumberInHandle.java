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
 * @param shared a number that several objects may have at one time; else 0, which none has
 */
// Only to tell whether a handle and attributes, which two system calls gave for one name, are those
// of one object: see isSurelyOf. Nothing is taken from a handle, and of a kind that is not here,
// nothing is known.
record NumberInHandle(long magic, int type, int handleBytes, int at, int bytes, long shared) {
  private static final int FILEID_INO32_GEN = 1;
  private static final int XFS_FILEID_INO64_GEN = 0x81;
  private static final int FILEID_BTRFS_WITHOUT_PARENT = 0x4d;

  /** What every btrfs subvolume's root has. */
  private static final long BTRFS_FIRST_FREE_OBJECTID = 256;

  private static final long NONE = 0;

  /** Little-endian, as are all machines of {@link Machine}: tmpfs has its low half first. */
  private static final List<NumberInHandle> ALL =
      List.of(
          new NumberInHandle(Filesystem.EXT4_SUPER_MAGIC, FILEID_INO32_GEN, 8, 0, 4, NONE),
          new NumberInHandle(Filesystem.XFS_SUPER_MAGIC, FILEID_INO32_GEN, 8, 0, 4, NONE),
          new NumberInHandle(Filesystem.XFS_SUPER_MAGIC, XFS_FILEID_INO64_GEN, 12, 0, 8, NONE),
          new NumberInHandle(Filesystem.TMPFS_MAGIC, FILEID_INO32_GEN, 12, 4, 8, NONE),
          new NumberInHandle(
              Filesystem.BTRFS_SUPER_MAGIC,
              FILEID_BTRFS_WITHOUT_PARENT,
              20,
              0,
              8,
              BTRFS_FIRST_FREE_OBJECTID));

  /** The rows of a kind of filesystem; none if nothing is known of it. */
  static List<NumberInHandle> of(Filesystem filesystem) {
    return ALL.stream().filter(row -> row.magic == filesystem.magic()).toList();
  }

  /**
   * Whether attributes that were asked for after the handle in the scratch memory, by the same
   * name, are its object's; or the object was gone by then, and the handle is stale.
   *
   * @param rows of the filesystem
   * @param number the inode's, as the attributes have it
   * @return false if they are another's, or if nobody knows
   */
  // No two objects that are there at one time have one number. In btrfs it is each subvolume that
  // has its numbers, but all that a directory has names of, other than roots of subvolumes, is in
  // its own.
  static boolean isSurelyOf(List<NumberInHandle> rows, Scratch scratch, long number) {
    for (int at = 0; at < rows.size(); at++) {
      NumberInHandle row = rows.get(at);
      if (row.isFor(scratch)) {
        return number != row.shared && number == row.number(scratch);
      }
    }
    return false;
  }

  private boolean isFor(Scratch scratch) {
    return type == KernelHandles.type(scratch) && handleBytes == KernelHandles.length(scratch);
  }

  private long number(Scratch scratch) {
    int from = KernelHandles.BYTES_AT + at;
    return bytes == Long.BYTES
        ? scratch.memory().getLong(from)
        : Integer.toUnsignedLong(scratch.memory().getInt(from));
  }
}
