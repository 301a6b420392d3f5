package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Bytes of one version of a file, one behind the other. They never change. */
// The sum is of the bytes and of which bytes they are. It is there to find out if a fault of ours,
// or of the memory, has put others in their place.
final class Extent {
  /** What one takes in the heap, roughly: index and nodes, key, two buffers' objects. */
  static final int OVERHEAD_BYTES = 512;

  private static final int ADMITTED = 1;
  private static final int RECENT = 2;

  final ExtentKey key;
  final CachedFile file;
  private final ExtentBytes bytes;
  private final int length;
  private final int sum;

  private volatile boolean isDamaged;

  private final AtomicInteger places = new AtomicInteger(ADMITTED | RECENT);

  /** Of a file's version, from an offset on; takes the bytes over. */
  Extent(CachedFile file, long offset, ExtentBytes bytes) {
    this.key = new ExtentKey(file.key, offset);
    this.file = file;
    this.bytes = bytes;
    this.length = bytes.readableBytes();
    this.sum = sum();
  }

  long offset() {
    return key.offset();
  }

  /** Behind its last byte. */
  long end() {
    return key.offset() + length;
  }

  int length() {
    return length;
  }

  /** What it takes with all that is beside it. */
  int takesBytes() {
    return length + OVERHEAD_BYTES;
  }

  /**
   * A part of the bytes.
   *
   * @param from offset in the file
   * @param to behind the last byte
   * @return the bytes, the caller's; null if they have gone, or are not what was put here
   */
  @Nullable ByteBuf slice(long from, long to) {
    ByteBuf slice;
    try {
      slice = bytes.retainedSlice((int) (from - offset()), (int) (to - from));
    } catch (IllegalReferenceCountException gone) {
      return null;
    }
    if (sum() != sum) {
      isDamaged = true;
      slice.release();
      return null;
    }
    return slice;
  }

  /** The same, counted as sent until it is released. */
  @Nullable ByteBuf send(long from, long to) {
    ByteBuf slice = slice(from, to);
    return slice == null ? null : new SentPart(slice, bytes);
  }

  /** Whether it was found not to be what was put here. */
  boolean isDamaged() {
    return isDamaged;
  }

  /** Says that others took its place among what is admitted. */
  void isEvicted() {
    leave(ADMITTED);
  }

  /** Says that it is not among those that came last any more. */
  void isOld() {
    leave(RECENT);
  }

  /** Says that it is of no use any more. */
  void isUseless() {
    leave(ADMITTED | RECENT);
  }

  private void leave(int left) {
    int before = places.getAndUpdate(now -> now & ~left);
    if (before != 0 && (before & ~left) == 0) {
      file.remove(this);
      drop();
    }
  }

  /** Gives the memory back, when nobody is sent it any more. */
  void drop() {
    bytes.release();
  }

  private int sum() {
    FileVersion version = file.version;
    ByteBuffer which = ByteBuffer.allocate(4 * Long.BYTES);
    which.putLong(version.fileid()).putLong(version.changed());
    which.putLong(version.change()).putLong(offset()).flip();
    CRC32C crc = new CRC32C();
    crc.update(which);
    crc.update(bytes.nioBuffer(0, length));
    return (int) crc.getValue();
  }
}
