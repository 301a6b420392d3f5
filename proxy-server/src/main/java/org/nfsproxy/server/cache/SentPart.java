package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;

/** A part of an extent's bytes on its way to somebody, which keeps all of the extent until then. */
final class SentPart extends UnpooledDirectByteBuf {
  private final ByteBuf slice;
  private final ExtentBytes of;

  /**
   * Of an extent.
   *
   * @param slice the part; now this one's
   */
  SentPart(ByteBuf slice, ExtentBytes of) {
    super(slice.alloc(), slice.nioBuffer(), slice.readableBytes());
    this.slice = slice;
    this.of = of;
    of.isSent(true);
  }

  @Override
  protected void deallocate() {
    super.deallocate();
    of.isSent(false);
    slice.release();
  }
}
