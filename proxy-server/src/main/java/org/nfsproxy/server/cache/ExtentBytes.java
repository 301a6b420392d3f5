package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.concurrent.atomic.AtomicInteger;

/** The memory of an extent, counted until the last part of it has been written to its client. */
// A pooled buffer's object is used again for other bytes, so that a reference kept too long would
// be one to somebody else's. This object is not: once released, nobody retains it any more.
final class ExtentBytes extends UnpooledDirectByteBuf {
  private final ByteBuf held;
  private final int length;
  private final HeldBytes counted;
  private final AtomicInteger sentParts = new AtomicInteger();

  private ExtentBytes(ByteBuf held, int length, HeldBytes counted) {
    super(held.alloc(), held.nioBuffer(0, length), length);
    this.held = held;
    this.length = length;
    this.counted = counted;
    counted.add(length);
  }

  /** Copies {@code length} bytes of a buffer from index {@code at} on. */
  static ExtentBytes copy(
      ByteBufAllocator alloc, ByteBuf bytes, int at, int length, HeldBytes counted) {
    return new ExtentBytes(
        alloc.directBuffer(length, length).writeBytes(bytes, at, length), length, counted);
  }

  /** Says that a part of it begins to be sent, or no longer is. However many are, it is one. */
  void isSent(boolean begins) {
    int others = begins ? sentParts.getAndIncrement() : sentParts.decrementAndGet();
    if (others == 0) {
      counted.addSent(begins ? length : -length);
    }
  }

  @Override
  protected void deallocate() {
    super.deallocate();
    counted.add(-length);
    held.release();
  }
}
