package org.nfsproxy.backend.coordinated.kernel;

/** Constants of Linux' system calls, under their own names. */
final class Flags {
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_EACCESS = 0x200;
  static final int AT_SYMLINK_FOLLOW = 0x400;
  static final int AT_NO_AUTOMOUNT = 0x800;
  static final int AT_EMPTY_PATH = 0x1000;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NOCTTY = 0x100;
  static final int O_NONBLOCK = 0x800;
  static final int O_DIRECTORY = Machine.IS_ARM ? 0x4000 : 0x10000;
  static final int O_NOFOLLOW = Machine.IS_ARM ? 0x8000 : 0x20000;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;
  static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

  static final int X_OK = 1;
  static final int W_OK = 2;
  static final int R_OK = 4;

  static final int S_IFMT = 0xf000;
  static final int S_IFSOCK = 0xc000;
  static final int S_IFLNK = 0xa000;
  static final int S_IFREG = 0x8000;
  static final int S_IFBLK = 0x6000;
  static final int S_IFDIR = 0x4000;
  static final int S_IFCHR = 0x2000;
  static final int S_IFIFO = 0x1000;

  static final int STATX_BASIC_STATS = 0x7ff;
  static final int STATX_BTIME = 0x800;
  static final int STATX_MNT_ID = 0x1000;

  static final int UTIME_NOW = 0x3fffffff;
  static final int UTIME_OMIT = 0x3ffffffe;

  static final int CLONE_FS = 0x200;
  static final int OPEN_TREE_CLONE = 1;
  static final int MS_PRIVATE = 1 << 18;

  private Flags() {}
}
