package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.concurrent.atomic.AtomicLong;

/** The memory of an extent, counted until the last slice of it has been written to its client. */
// A pooled buffer's object is used again for other bytes, so that a reference kept too long would
// be one to somebody else's. This object is not: once released, nobody retains it any more.
final class ExtentBytes extends UnpooledDirectByteBuf {
  private final ByteBuf held;
  private final int length;
  private final AtomicLong allocated;

  private ExtentBytes(ByteBuf held, int length, AtomicLong allocated) {
    super(held.alloc(), held.nioBuffer(0, length), length);
    this.held = held;
    this.length = length;
    this.allocated = allocated;
    allocated.addAndGet(length);
  }

  /** Copies {@code length} bytes of a buffer from index {@code at} on. */
  static ExtentBytes copy(
      ByteBufAllocator alloc, ByteBuf bytes, int at, int length, AtomicLong allocated) {
    return new ExtentBytes(
        alloc.directBuffer(length, length).writeBytes(bytes, at, length), length, allocated);
  }

  @Override
  protected void deallocate() {
    super.deallocate();
    allocated.addAndGet(-length);
    held.release();
  }
}
