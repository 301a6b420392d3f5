package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;

/** A reply as it is kept for a while. */
final class HeldReply {
  /** Up to this length a reply is copied. */
  private static final int COPIED_BYTES_MAX = 4096;

  private HeldReply() {}

  /**
   * A record that holds no more memory than it is long, or not much.
   *
   * @param record now this one's
   * @return the same bytes, the caller's
   */
  // A short record is a slice of the chunk it came in, of which it would keep up to 64 KiB.
  static ByteBuf of(ByteBuf record) {
    int length = record.readableBytes();
    if (length > COPIED_BYTES_MAX) {
      return record;
    }
    try {
      return record.alloc().directBuffer(length).writeBytes(record);
    } finally {
      record.release();
    }
  }
}
