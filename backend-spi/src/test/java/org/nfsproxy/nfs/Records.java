package org.nfsproxy.nfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;

/** Records for the tests of what changes them: made by themselves, with memory that is counted. */
public final class Records {
  public static final int XID = 0xca11;

  private Records() {}

  /** A record of a message, behind some bytes that were read before. */
  public static ByteBuf record(byte[] message) {
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer();
    buffer.writeZero(12).writeInt(0x80000000 | message.length).writeBytes(message);
    return buffer.readerIndex(12);
  }

  /** An accepted reply with a verifier of so many bytes. */
  public static byte[] reply(int verifierBytes, byte[] results) {
    return new XdrBytes<>()
        .words(XID, 1, 0, verifierBytes == 0 ? 0 : 6)
        .opaque(verifierBytes, 0x5c)
        .word(0)
        .raw(results)
        .bytes();
  }

  /** A call of NFSv4's COMPOUND without credential. */
  public static byte[] call(byte[] arguments) {
    return new XdrBytes<>().words(XID, 0, 2, 100003, 4, 1, 0, 0, 0, 0).raw(arguments).bytes();
  }

  /** That a changed record is this message, and that its memory is given back. */
  public static void assertRecord(byte[] message, ByteBuf changed, ByteBuf original) {
    assertEquals(0x80000000 | message.length, changed.getInt(changed.readerIndex()), "marker");
    int at = changed.readerIndex() + 4;
    byte[] actual = ByteBufUtil.getBytes(changed, at, changed.writerIndex() - at, true);
    assertArrayEquals(message, actual);
    assertEquals(1, changed.refCnt());
    changed.release();
    assertEquals(0, changed.refCnt());
    assertEquals(0, original.refCnt());
  }
}
