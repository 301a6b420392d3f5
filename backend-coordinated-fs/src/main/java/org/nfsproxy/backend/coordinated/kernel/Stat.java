package org.nfsproxy.backend.coordinated.kernel;

import java.nio.ByteBuffer;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;

/** What statx(2) says of an open object: a copy, so that another may follow. */
//  0 mask  16 nlink  20 uid  24 gid  28 mode(16)  32 ino  40 size  48 blocks
//  64 atime  80 btime  96 ctime  112 mtime (each 64 seconds, 32 nanoseconds)
//  128 rdev major, minor  136 dev major, minor  144 mount id
record Stat(
    int type,
    int mode,
    int links,
    int uid,
    int gid,
    long fileid,
    long size,
    long blocks,
    int deviceMajor,
    int deviceMinor,
    FileTime atime,
    FileTime mtime,
    FileTime ctime) {

  private static final int WANTED = Flags.STATX_BASIC_STATS;
  private static final int BLOCK_BYTES = 512;
  private static final byte[] NOTHING = {};

  /** The object that is open here, if it still has a name. */
  static Stat of(Scratch scratch, int fd) throws FilesException {
    fill(scratch, fd, WANTED);
    return read(scratch);
  }

  /** What has a name in a directory; a symbolic link is not followed, nor anything mounted. */
  static Stat of(Scratch scratch, int directoryFd, long nameAddress) throws FilesException {
    fill(scratch, directoryFd, nameAddress, Flags.AT_SYMLINK_NOFOLLOW, WANTED);
    return read(scratch);
  }

  private static Stat read(Scratch scratch) throws FilesException {
    Stat stat = copy(scratch);
    if (stat.links == 0) {
      throw new FilesException(Nfs3Status.NFS3ERR_STALE);
    }
    return stat;
  }

  private static Stat copy(Scratch scratch) {
    ByteBuffer in = scratch.memory();
    int at = Scratch.STAT;
    int mode = in.getShort(at + 28);
    return new Stat(
        mode & Flags.S_IFMT,
        mode & 07777,
        in.getInt(at + 16),
        in.getInt(at + 20),
        in.getInt(at + 24),
        in.getLong(at + 32),
        in.getLong(at + 40),
        in.getLong(at + 48),
        in.getInt(at + 128),
        in.getInt(at + 132),
        time(in, at + 64),
        time(in, at + 112),
        time(in, at + 96));
  }

  /** Calls statx; the result stays in the scratch memory. */
  static void fill(Scratch scratch, int fd, int wanted) throws FilesException {
    fill(scratch, fd, scratch.path(NOTHING), Flags.AT_EMPTY_PATH, wanted);
  }

  private static void fill(Scratch scratch, int fd, long pathAddress, int how, int wanted)
      throws FilesException {
    Errno.check(
        Syscall.STATX.call(
            fd, pathAddress, how | Flags.AT_NO_AUTOMOUNT, wanted, scratch.at(Scratch.STAT)));
  }

  private static FileTime time(ByteBuffer in, int at) {
    return new FileTime((int) in.getLong(at), in.getInt(at + 8));
  }

  boolean isDirectory() {
    return type == Flags.S_IFDIR;
  }

  boolean isRegular() {
    return type == Flags.S_IFREG;
  }

  boolean isSymlink() {
    return type == Flags.S_IFLNK;
  }

  Attributes attributes(long fsid) {
    FileType fileType = fileType();
    return new Attributes(
        fileType,
        mode,
        links,
        uid,
        gid,
        size,
        blocks * BLOCK_BYTES,
        fileType.isDevice()
            ? new Attributes.Device(deviceMajor, deviceMinor)
            : Attributes.Device.NONE,
        fsid,
        fileid,
        atime,
        mtime,
        ctime);
  }

  private FileType fileType() {
    return switch (type) {
      case Flags.S_IFDIR -> FileType.NF3DIR;
      case Flags.S_IFLNK -> FileType.NF3LNK;
      case Flags.S_IFBLK -> FileType.NF3BLK;
      case Flags.S_IFCHR -> FileType.NF3CHR;
      case Flags.S_IFSOCK -> FileType.NF3SOCK;
      case Flags.S_IFIFO -> FileType.NF3FIFO;
      default -> FileType.NF3REG;
    };
  }
}
