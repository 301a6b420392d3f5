package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Bytes that stand for others which are not here: they take no memory, and all of them are 0xff.
 */
// Read as a length they are longer than any record, as an operation or a discriminant they are
// none: a walk that strays into them ends with garbage, where zeros would be an empty list.
final class Blank {
  /** As long as a usual WRITE, so that a record takes one of it. */
  private static final ByteBuf SHEET = sheet(1 << 20);

  private Blank() {}

  private static ByteBuf sheet(int bytes) {
    byte[] blank = new byte[bytes];
    Arrays.fill(blank, (byte) 0xff);
    return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(blank).asReadOnly());
  }

  /**
   * Puts blank bytes behind a record.
   *
   * @param record grows
   * @param bytes how many, 0 or more
   * @return the same record
   */
  static CompositeByteBuf append(CompositeByteBuf record, int bytes) {
    for (int left = bytes; left > 0; left -= SHEET.capacity()) {
      record.addComponent(true, SHEET.slice(0, Math.min(left, SHEET.capacity())));
    }
    return record;
  }
}
