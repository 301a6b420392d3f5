package org.nfsproxy.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  private static final int RECORD_BYTES_MAX = 1 << 20;

  private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(true);
  private final List<String> records = new ArrayList<>();
  private final RecordReader reader = new RecordReader(alloc, RECORD_BYTES_MAX, this::take);

  private void take(ByteBuf record) {
    records.add(ByteBufUtil.hexDump(ByteBufUtil.getBytes(record)));
    record.release();
  }

  @AfterEach
  void everythingIsGivenBack() {
    reader.close();
    assertEquals(0, alloc.metric().usedDirectMemory());
  }

  @Test
  void twoRecordsInOneChunk_areGivenInOrder() {
    reader.read(bytes("80000002aabb" + "80000001cc"));

    assertEquals(List.of("80000002aabb", "80000001cc"), records);
    assertFalse(reader.isMidRecord());
  }

  @Test
  void fragments_areJoinedUnderOneMarker() {
    reader.read(bytes("00000001aa" + "00000002bbcc" + "80000001dd"));

    assertEquals(List.of("80000004aabbccdd"), records);
  }

  @Test
  void emptyFragments_firstMiddleAndLast_addNothing() {
    reader.read(bytes("00000000" + "00000001aa" + "00000000" + "80000000" + "80000001bb"));

    assertEquals(List.of("80000001aa", "80000001bb"), records);
  }

  @Test
  void emptyRecord_isGivenAsSuch() {
    reader.read(bytes("80000000"));

    assertEquals(List.of("80000000"), records);
  }

  @Test
  void anyStream_splitAtEveryByte_givesTheSameRecords() {
    String stream = "80000003aabbcc" + "00000002ddee" + "80000001ff" + "80000000" + "8000000111";
    for (int split = 0; split <= stream.length() / 2; split++) {
      records.clear();
      reader.read(bytes(stream.substring(0, 2 * split)));
      reader.read(bytes(stream.substring(2 * split)));
      assertEquals(
          List.of("80000003aabbcc", "80000003ddeeff", "80000000", "8000000111"),
          records,
          "split behind byte " + split);
    }
  }

  @Test
  void anyStream_oneByteAtATime_givesTheSameRecords() {
    for (String octet : "80000003aabbcc00000002ddee80000001ff".split("(?<=\\G..)")) {
      reader.read(bytes(octet));
    }

    assertEquals(List.of("80000003aabbcc", "80000003ddeeff"), records);
  }

  @Test
  void longRecord_inRandomPieces_keepsItsBytes() {
    Random random = new Random(7);
    byte[] message = new byte[700_000];
    random.nextBytes(message);
    for (int round = 0; round < 10; round++) {
      records.clear();
      ByteBuf stream = Unpooled.buffer().writeInt(0x8000_0000 | message.length).writeBytes(message);
      while (stream.isReadable()) {
        int piece = Math.min(stream.readableBytes(), 1 + random.nextInt(60_000));
        reader.read(direct(stream.readSlice(piece)));
      }
      assertEquals(1, records.size());
      assertEquals(ByteBufUtil.hexDump(message), records.get(0).substring(8));
    }
  }

  @Test
  void longRecordOfOneByteFragments_isHeldWithoutAComponentForEach() {
    List<ByteBuf> given = new ArrayList<>();
    RecordReader joining = new RecordReader(alloc, RECORD_BYTES_MAX, given::add);
    ByteBuf stream = alloc.buffer();
    for (int i = 0; i < 100_000; i++) {
      stream.writeInt(i == 99_999 ? 0x8000_0001 : 1).writeByte(i);
    }
    joining.read(stream);

    ByteBuf record = given.get(0);
    assertEquals(100_004, record.readableBytes());
    int components = ((CompositeByteBuf) record).numComponents();
    assertTrue(components < 20, components + " components");
    record.release();
  }

  @Test
  void recordOfTheLargestSize_isGiven_andOneByteMoreIsRefused() {
    RecordReader small = new RecordReader(alloc, 4, this::take);
    small.read(bytes("80000004aabbccdd"));
    assertEquals(List.of("80000004aabbccdd"), records);

    assertThrows(RecordException.class, () -> small.read(bytes("80000005")));
    small.close();
  }

  @Test
  void recordOf2GiB_isRefusedAtItsMarker() {
    RecordException refused =
        assertThrows(RecordException.class, () -> reader.read(bytes("ffffffff")));
    assertTrue(refused.getMessage().contains("2147483647"), refused.getMessage());
  }

  @Test
  void fragmentsThatTogetherAreTooLong_areRefused() {
    RecordReader small = new RecordReader(alloc, 4, this::take);
    small.read(bytes("00000003aabbcc"));
    assertThrows(RecordException.class, () -> small.read(bytes("00000002")));
    small.close();
  }

  @Test
  void httpAndTls_areRefusedAtTheirFirstWord() {
    assertThrows(RecordException.class, () -> reader.read(bytes("474554202f20485454502f312e31")));
    RecordReader other = new RecordReader(alloc, RECORD_BYTES_MAX, this::take);
    assertThrows(RecordException.class, () -> other.read(bytes("16030100c8010000c403")));
  }

  @Test
  void unfinishedRecord_isCountedAndGivenBackAtClose() {
    reader.read(bytes("80000010aabbcc"));
    assertTrue(reader.isMidRecord());
    assertEquals(3, reader.bytesHeld());

    reader.close();
    assertEquals(0, reader.bytesHeld());
  }

  @Test
  void halfAMarker_isMidRecord() {
    reader.read(bytes("8000"));
    assertTrue(reader.isMidRecord());
  }

  private ByteBuf bytes(String hex) {
    return direct(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
  }

  private ByteBuf direct(ByteBuf bytes) {
    return alloc.directBuffer(Math.max(1, bytes.readableBytes())).writeBytes(bytes);
  }
}
