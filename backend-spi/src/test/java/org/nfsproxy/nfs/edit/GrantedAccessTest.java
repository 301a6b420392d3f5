package org.nfsproxy.nfs.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantedAccessTest {
  private static final int BEFORE = 12;

  private static ByteBuf record(int granted) {
    ByteBuf record = PooledByteBufAllocator.DEFAULT.buffer().writeZero(BEFORE);
    record.readerIndex(BEFORE);
    return record.writeInt(-1).writeInt(granted).writeInt(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "READ LOOKUP EXECUTE,   0x023, 0x023",
    "what NFSv3 can grant,  0x03f, 0x023",
    "MODIFY,                0x004, 0x000",
    "EXTEND,                0x008, 0x000",
    "DELETE,                0x010, 0x000",
    "XAREAD XAWRITE XALIST, 0x1c0, 0x140",
    "bits nobody has named, 0x7ffffe00, 0x7ffffe00",
    "nothing,               0x000, 0x000"
  })
  void grant_ofWriting_isTakenBackAndNothingElse(String name, String granted, String left) {
    ByteBuf record = record(Integer.decode(granted));

    assertTrue(GrantedAccess.takeBackWrites(record, BEFORE + 4));

    assertEquals(Integer.decode(left), record.getInt(BEFORE + 4));
    assertEquals(-1, record.getInt(BEFORE));
    assertEquals(-1, record.getInt(BEFORE + 8));
    record.release();
  }

  @Test
  void grant_inBytesThatCannotBeWritten_isTakenBackFromACopy() {
    ByteBuf record = record(0x1f);
    ByteBuf readOnly = record.asReadOnly();
    assertFalse(GrantedAccess.takeBackWrites(readOnly, BEFORE + 4));
    assertEquals(0x1f, record.getInt(BEFORE + 4));

    ByteBuf copy = GrantedAccess.writable(readOnly);

    assertEquals(0, record.refCnt());
    assertEquals(BEFORE, copy.readerIndex());
    assertEquals(12, copy.readableBytes());
    assertTrue(GrantedAccess.takeBackWrites(copy, BEFORE + 4));
    assertEquals(0x03, copy.getInt(BEFORE + 4));
    copy.release();
  }

  @Test
  void nothingToTakeBack_inBytesThatCannotBeWritten_isDone() {
    ByteBuf record = record(0x03);
    assertTrue(GrantedAccess.takeBackWrites(record.asReadOnly(), BEFORE + 4));
    record.release();
  }

  @Test
  void record_thatCanBeWritten_isNotCopied() {
    ByteBuf record = record(0x1f);
    ByteBuf same = GrantedAccess.writable(record);
    assertSame(record, same);
    record.release();
  }
}
