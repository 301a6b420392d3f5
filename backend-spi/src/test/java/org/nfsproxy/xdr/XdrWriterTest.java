package org.nfsproxy.xdr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class XdrWriterTest {
  @Test
  void items_areWrittenAsRfc4506HasThem() {
    ByteBuf buffer = Unpooled.buffer(4);
    new XdrWriter(buffer)
        .int32(-2)
        .int64(0x0102030405060708L)
        .bool(true)
        .bool(false)
        .opaque(new byte[] {1, 2, 3, 4, 5})
        .fixed(new byte[] {9, 9})
        .string("né")
        .opaque(new byte[0])
        .fixed(new byte[] {1, 2, 3, 4});
    assertEquals(
        "fffffffe"
            + "0102030405060708"
            + "00000001"
            + "00000000"
            + "00000005"
            + "0102030405000000"
            + "09090000"
            + "00000003"
            + "6ec3a900"
            + "00000000"
            + "01020304",
        ByteBufUtil.hexDump(buffer));
  }
}
