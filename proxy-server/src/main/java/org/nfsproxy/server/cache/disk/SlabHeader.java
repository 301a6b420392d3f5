package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a slab begins with: how long its slots are.
 *
 * <pre>
 *  0       8    24       28           32     36
 *  +-------+----+--------+------------+------+- - - - - - -+
 *  | magic | id | number | slot bytes | sum  | zeros       |
 *  +-------+----+--------+------------+------+- - - - - - -+ 512
 * </pre>
 */
record SlabHeader(StoreId id, int number, int slotBytes) {
  static final int BYTES = 512;

  private static final long MAGIC = 0x4e465350534c4231L; // NFSPSLB1
  private static final int ID = 8;
  private static final int NUMBER = 24;
  private static final int SLOT_BYTES = 28;
  private static final int SUM = 32;

  void write(ByteBuf buffer, int at) {
    buffer.setZero(at, BYTES);
    buffer.setLong(at, MAGIC);
    id.write(buffer, at + ID);
    buffer.setInt(at + NUMBER, number).setInt(at + SLOT_BYTES, slotBytes);
    buffer.setInt(at + SUM, Sums.of(buffer, at, SUM));
  }

  /**
   * Reads one.
   *
   * @return null if it is none that was written whole
   */
  static @Nullable SlabHeader read(ByteBuf buffer, int at) {
    if (buffer.getLong(at) != MAGIC || buffer.getInt(at + SUM) != Sums.of(buffer, at, SUM)) {
      return null;
    }
    return new SlabHeader(
        StoreId.read(buffer, at + ID), buffer.getInt(at + NUMBER), buffer.getInt(at + SLOT_BYTES));
  }
}
