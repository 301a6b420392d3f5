package org.nfsproxy.backend.coordinated.kernel;

/** The system calls used, with their numbers, which differ from one kind of machine to the next. */
// x86-64 has a table of its own, all newer machines share the generic one, and from 424 on the
// numbers are the same everywhere.
enum Syscall {
  CAPGET(125, 90),
  CAPSET(126, 91),
  CLOSE(3, 57),
  FACCESSAT2(439, 439),
  FCHMODAT(268, 53),
  FCHOWNAT(260, 54),
  FDATASYNC(75, 83),
  FSTATFS(138, 44),
  FSYNC(74, 82),
  FTRUNCATE(77, 46),
  GETDENTS64(217, 61),
  IOCTL(16, 29),
  LINKAT(265, 37),
  LSEEK(8, 62),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  MOUNT_SETATTR(442, 442),
  NAME_TO_HANDLE_AT(303, 264),
  OPENAT(257, 56),
  OPEN_BY_HANDLE_AT(304, 265),
  OPEN_TREE(428, 428),
  PREAD64(17, 67),
  PWRITE64(18, 68),
  READLINKAT(267, 78),
  RENAMEAT2(316, 276),
  SETFSGID(123, 152),
  SETFSUID(122, 151),
  SETGROUPS(116, 159),
  STATX(332, 291),
  SYMLINKAT(266, 36),
  UMASK(95, 166),
  UNLINKAT(263, 35),
  UNSHARE(272, 97),
  UTIMENSAT(280, 88);

  private final int number;

  Syscall(int onX86, int generic) {
    number = Machine.IS_X86 ? onX86 : generic;
  }

  /** What the kernel returned: a negative errno if it failed. So do the others. */
  long call(long first) {
    return Libc.call(number, first, 0, 0, 0, 0);
  }

  long call(long first, long second) {
    return Libc.call(number, first, second, 0, 0, 0);
  }

  long call(long first, long second, long third) {
    return Libc.call(number, first, second, third, 0, 0);
  }

  long call(long first, long second, long third, long fourth) {
    return Libc.call(number, first, second, third, fourth, 0);
  }

  long call(long first, long second, long third, long fourth, long fifth) {
    return Libc.call(number, first, second, third, fourth, fifth);
  }
}
