package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes of several extents, one behind the other, as they are sent: where they lie, or copied. */
// What is sent where it lies keeps its whole extent until the client has taken it, also when the
// extent is evicted meanwhile. A client that takes nothing would so hold far more than what waits
// for it, and all of them together what the cache has. So small parts are copied, and everything
// is once much is on its way: see docs/decisions/0131.
final class TakenBytes {
  /** Smaller parts are copied: each takes some hundred bytes of heap until it has been sent. */
  private static final int PART_BYTES_MIN = 4096;

  private final boolean isCopied;
  private final List<ByteBuf> bytes;
  private @Nullable ByteBuf copies;
  private long left;
  private int copiedBytes;

  /**
   * Nothing yet.
   *
   * @param length how many bytes it will be
   * @param isCopied whether all are copied
   */
  TakenBytes(long length, int parts, boolean isCopied) {
    this.left = length;
    this.isCopied = isCopied;
    this.bytes = new ArrayList<>(isCopied ? 1 : parts);
  }

  /**
   * Adds what is next.
   *
   * @param from offset in the file
   * @param to behind the last byte
   * @return false if it is not here any more, or damaged
   */
  boolean add(Extent extent, long from, long to) {
    int length = (int) (to - from);
    boolean isSmall = length < PART_BYTES_MIN || length < extent.length() / 2;
    ByteBuf part = isCopied || isSmall ? extent.slice(from, to) : extent.send(from, to);
    if (part == null) {
      return false;
    }
    if (part instanceof SentPart) {
      bytes.add(part);
      copies = null;
    } else {
      copy(part, length);
    }
    left -= length;
    return true;
  }

  private void copy(ByteBuf part, int length) {
    try {
      ByteBuf to = copies;
      if (to == null) {
        to = PooledByteBufAllocator.DEFAULT.directBuffer(isCopied ? (int) left : length);
        bytes.add(to);
        copies = to;
      }
      to.writeBytes(part);
      copiedBytes += length;
    } finally {
      part.release();
    }
  }

  int copiedBytes() {
    return copiedBytes;
  }

  /** All of them, now the caller's. */
  List<ByteBuf> take() {
    return bytes;
  }

  /** Gives them back. */
  void release() {
    bytes.forEach(ByteBuf::release);
  }
}
