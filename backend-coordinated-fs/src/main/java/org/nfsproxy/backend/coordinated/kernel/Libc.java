package org.nfsproxy.backend.coordinated.kernel;

import com.sun.jna.Native;

/** The one function of the C library that is used: syscall(2). */
// Direct mapping with primitives only: about 0.2 us a call, and nothing is allocated. The library's
// own wrappers would not do: its setgroups changes the groups of all threads, and some of the calls
// used here have none in the versions that are about.
final class Libc {
  static {
    Native.register(Libc.class, "c");
  }

  private Libc() {}

  private static native long syscall(
      long number, long first, long second, long third, long fourth, long fifth);

  /** What the kernel returned: a negative errno if it failed. */
  static long call(long number, long first, long second, long third, long fourth, long fifth) {
    long returned = syscall(number, first, second, third, fourth, fifth);
    return returned == -1 ? -Native.getLastError() : returned;
  }
}
