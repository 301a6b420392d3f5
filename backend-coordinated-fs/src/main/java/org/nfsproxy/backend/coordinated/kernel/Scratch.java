package org.nfsproxy.backend.coordinated.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Memory of one thread that system calls read from and write to, each area for one use. */
//      0          4352         8704     9216   9472     9728
//      +----------+------------+--------+------+--------+---------+
//      |   path   | other path | handle | stat | record | listing |
//      +----------+------------+--------+------+--------+---------+
final class Scratch {
  /** PATH_MAX counts the zero byte at the end. */
  static final int PATH_BYTES_MAX = 4095;

  static final int HANDLE = 8704;
  static final int STAT = 9216;
  static final int RECORD = 9472;
  static final int LISTING = 9728;

  /** What getdents64 is given: about 1,000 entries, of which one reply takes some hundred. */
  static final int LISTING_BYTES = 32 << 10;

  private static final int PATH = 0;
  private static final int OTHER_PATH = 4352;

  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(LISTING + LISTING_BYTES).order(ByteOrder.nativeOrder());
  private final long address = Pointer.nativeValue(Native.getDirectBufferPointer(memory));

  /** Numbers are in the machine's order; to be used with absolute indexes. */
  ByteBuffer memory() {
    return memory;
  }

  long at(int area) {
    return address + area;
  }

  byte[] bytes(int from, int length) {
    byte[] bytes = new byte[length];
    memory.get(from, bytes);
    return bytes;
  }

  /** The address of a path or name, which is copied. It must hold no zero byte. */
  long path(byte[] path) {
    return copy(PATH, path);
  }

  /** The same, where a call takes two. */
  long otherPath(byte[] path) {
    return copy(OTHER_PATH, path);
  }

  /** The address of a path that leads to an open file itself. */
  long pathOf(int fd) {
    return copy(PATH, ("/proc/self/fd/" + fd).getBytes(StandardCharsets.US_ASCII));
  }

  private long copy(int area, byte[] path) {
    if (path.length > PATH_BYTES_MAX) {
      throw new IllegalArgumentException("a path of " + path.length + " bytes");
    }
    memory.put(area, path).put(area + path.length, (byte) 0);
    return address + area;
  }
}
