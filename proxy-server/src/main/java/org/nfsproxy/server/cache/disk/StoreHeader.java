package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a directory's file {@code cache.header} says: whose data are in it.
 *
 * <pre>
 *  0       8    24           28     32
 *  +-------+----+------------+------+--------+
 *  | magic | id | slab bytes | sum  | origin |
 *  +-------+----+------------+------+--------+
 * </pre>
 *
 * @param origin host and port, as configured
 */
record StoreHeader(StoreId id, int slabBytes, String origin) {
  /** Longer than a host's name can be. */
  static final int BYTES_MAX = 1024;

  private static final long MAGIC = 0x4e46535044534b31L; // NFSPDSK1
  private static final int ID = 8;
  private static final int SLAB_BYTES = 24;
  private static final int SUM = 28;
  private static final int ORIGIN = 32;

  byte[] bytes() {
    byte[] name = origin.getBytes(StandardCharsets.UTF_8);
    ByteBuf buffer = Unpooled.buffer(ORIGIN + name.length);
    buffer.setLong(0, MAGIC);
    id.write(buffer, ID);
    buffer.setInt(SLAB_BYTES, slabBytes).setBytes(ORIGIN, name);
    buffer.setInt(SUM, sum(buffer, name.length));
    return ByteBufUtil.getBytes(buffer, 0, ORIGIN + name.length);
  }

  /**
   * Reads one.
   *
   * @return null if it is none that was written whole
   */
  static @Nullable StoreHeader read(ByteBuf buffer) {
    int at = buffer.readerIndex();
    int length = buffer.readableBytes() - ORIGIN;
    ByteBuf header = buffer.slice();
    if (length < 0
        || length > BYTES_MAX
        || header.getLong(0) != MAGIC
        || header.getInt(SUM) != sum(header, length)) {
      return null;
    }
    return new StoreHeader(
        StoreId.read(header, ID),
        header.getInt(SLAB_BYTES),
        buffer.toString(at + ORIGIN, length, StandardCharsets.UTF_8));
  }

  private static int sum(ByteBuf header, int length) {
    return Sums.of(header, 0, SUM, ORIGIN, length);
  }
}
