package org.nfsproxy.backend.coordinated.kernel;

import java.nio.ByteBuffer;

/** The capabilities of the calling thread, capabilities(7), as bits by their numbers. */
// struct __user_cap_data_struct holds the low 32 bits of effective, permitted, inheritable; a
// second one behind it holds the high bits.
final class Capabilities {
  private static final int VERSION_3 = 0x20080522;
  private static final int HEADER = Scratch.RECORD;
  private static final int SETS = Scratch.RECORD + 8;
  private static final int HIGH = 12;

  static final long CHOWN = 1L;
  static final long DAC_OVERRIDE = 1L << 1;
  static final long DAC_READ_SEARCH = 1L << 2;
  static final long FOWNER = 1L << 3;
  static final long FSETID = 1L << 4;
  static final long SETGID = 1L << 6;
  static final long SETUID = 1L << 7;
  static final long MKNOD = 1L << 27;

  /** What the kernel takes from a thread whose fsuid stops being 0, as far as it is kept here. */
  static final long OF_ROOT = CHOWN | DAC_OVERRIDE | DAC_READ_SEARCH | FOWNER | FSETID | MKNOD;

  /** All that file work needs. */
  static final long KEPT = OF_ROOT | SETGID | SETUID;

  private Capabilities() {}

  static long effective(Scratch scratch) {
    return get(scratch, 0);
  }

  static long permitted(Scratch scratch) {
    return get(scratch, 4);
  }

  private static long get(Scratch scratch, int set) {
    ByteBuffer memory = scratch.memory();
    memory.putInt(HEADER, VERSION_3).putInt(HEADER + 4, 0);
    long returned = Syscall.CAPGET.call(scratch.at(HEADER), scratch.at(SETS));
    if (returned < 0) {
      throw new IllegalStateException("capget: errno " + -returned);
    }
    return memory.getInt(SETS + set) & 0xffff_ffffL | (long) memory.getInt(SETS + HIGH + set) << 32;
  }

  /** Leaves the thread these, of those it has, for good. */
  static void keepOnly(Scratch scratch, long kept) {
    long left = permitted(scratch) & kept;
    ByteBuffer memory = scratch.memory();
    for (int half = 0; half < 2; half++) {
      int bits = (int) (left >>> 32 * half);
      memory.putInt(SETS + HIGH * half, bits).putInt(SETS + HIGH * half + 4, bits);
      memory.putInt(SETS + HIGH * half + 8, 0);
    }
    long returned = Syscall.CAPSET.call(scratch.at(HEADER), scratch.at(SETS));
    if (returned < 0) {
      throw new IllegalStateException("capset: errno " + -returned);
    }
  }
}
