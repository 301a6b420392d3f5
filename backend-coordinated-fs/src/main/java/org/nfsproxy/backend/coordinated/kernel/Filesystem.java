package org.nfsproxy.backend.coordinated.kernel;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FilesystemLimits;
import org.nfsproxy.backend.coordinated.files.FilesystemSpace;

/**
 * What kind of filesystem a member is, and what it can hold.
 *
 * @param magic its kind, as statfs(2) numbers it
 * @param fsid its own number, where that comes from the disk, not from the machine; else 0
 * @param nameBytesMax the longest name
 * @param fileBytesMax the largest file
 */
record Filesystem(long magic, long fsid, int nameBytesMax, long fileBytesMax) {
  static final long EXT4_SUPER_MAGIC = 0xEF53L;
  static final long XFS_SUPER_MAGIC = 0x58465342L;
  static final long BTRFS_SUPER_MAGIC = 0x9123683EL;
  static final long TMPFS_MAGIC = 0x01021994L;

  /** Hard links to one object, where the kind is known; the kernel does not tell. */
  private static final Map<Long, Integer> LINKS_MAX =
      Map.of(
          EXT4_SUPER_MAGIC,
          65_000,
          XFS_SUPER_MAGIC,
          Integer.MAX_VALUE,
          BTRFS_SUPER_MAGIC,
          65_535,
          0xF2F52010L,
          Integer.MAX_VALUE); // f2fs

  /** What POSIX lets a program count on. */
  private static final int LINKS_MAX_ELSEWHERE = 127;

  private static final Map<Long, String> NAMES =
      Map.of(
          EXT4_SUPER_MAGIC,
          "ext4",
          XFS_SUPER_MAGIC,
          "xfs",
          BTRFS_SUPER_MAGIC,
          "btrfs",
          TMPFS_MAGIC,
          "tmpfs",
          0x00C36400L,
          "ceph",
          0x01161970L,
          "gfs2",
          0x7461636FL,
          "ocfs2",
          0x0BD00BD0L,
          "lustre");

  /**
   * Those whose statfs number is made from what is on the disk (or in the cluster): ext4, btrfs,
   * CephFS, Lustre. That of xfs and others is the device's number, another one on each machine.
   */
  private static final Set<Long> FSID_OF_DISK =
      Set.of(EXT4_SUPER_MAGIC, BTRFS_SUPER_MAGIC, 0x00C36400L, 0x0BD00BD0L);

  /** FAT, of which Linux has a persistent handle too, has no two names that differ in case only. */
  private static final long MSDOS_SUPER_MAGIC = 0x4d44L;

  private static final int EVERYTHING =
      FilesystemLimits.FSF3_LINK
          | FilesystemLimits.FSF3_SYMLINK
          | FilesystemLimits.FSF3_HOMOGENEOUS
          | FilesystemLimits.FSF3_CANSETTIME;

  private static final int WITHOUT_LINKS =
      FilesystemLimits.FSF3_HOMOGENEOUS | FilesystemLimits.FSF3_CANSETTIME;

  /** Its kind as a word. */
  String kind() {
    return NAMES.getOrDefault(magic, "type 0x" + Long.toHexString(magic));
  }

  FilesystemLimits limits() {
    boolean isFat = magic == MSDOS_SUPER_MAGIC;
    return new FilesystemLimits(
        fileBytesMax,
        new FileTime(0, 1),
        isFat ? WITHOUT_LINKS : EVERYTHING,
        isFat ? 1 : LINKS_MAX.getOrDefault(magic, LINKS_MAX_ELSEWHERE),
        nameBytesMax,
        true,
        true,
        isFat,
        true);
  }

  //  struct statfs: 0 type  8 bsize  16 blocks  24 bfree  32 bavail  40 files  48 ffree
  //  56 fsid  64 namelen  72 frsize  80 flags
  private static ByteBuffer statfs(Scratch scratch, int fd) throws FilesException {
    Errno.check(Syscall.FSTATFS.call(fd, scratch.at(Scratch.STAT)));
    return scratch.memory();
  }

  static Filesystem of(Scratch scratch, int rootFd) throws FilesException {
    ByteBuffer in = statfs(scratch, rootFd);
    long magic = in.getLong(Scratch.STAT);
    int nameBytesMax = (int) in.getLong(Scratch.STAT + 64);
    long fsid = FSID_OF_DISK.contains(magic) ? in.getLong(Scratch.STAT + 56) : 0;
    return new Filesystem(magic, fsid, nameBytesMax, LargestFile.of(scratch, rootFd));
  }

  static FilesystemSpace space(Scratch scratch, int fd) throws FilesException {
    ByteBuffer in = statfs(scratch, fd);
    int at = Scratch.STAT;
    long blockBytes = in.getLong(at + 72);
    long files = in.getLong(at + 40);
    long filesFree = in.getLong(at + 48);
    return new FilesystemSpace(
        in.getLong(at + 16) * blockBytes,
        in.getLong(at + 24) * blockBytes,
        in.getLong(at + 32) * blockBytes,
        files,
        filesFree,
        filesFree,
        0);
  }
}
