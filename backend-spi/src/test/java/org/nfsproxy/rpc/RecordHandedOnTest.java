package org.nfsproxy.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

// The middle of a long record goes on as it arrives; its beginning and its end stay.
class RecordHandedOnTest {
  private static final int MESSAGE_BYTES = 100_000;
  private static final int FROM = 300;
  private static final int TO = 90_000;

  private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(true);
  private final List<byte[]> records = new ArrayList<>();
  private final ByteArrayOutputStream handedOn = new ByteArrayOutputStream();
  private final List<Integer> pieces = new ArrayList<>();
  private final RecordReader reader = new RecordReader(alloc, 1 << 20, this::take);
  private final byte[] record = record(MESSAGE_BYTES);

  private void take(ByteBuf whole) {
    records.add(ByteBufUtil.getBytes(whole));
    whole.release();
  }

  private void takePiece(ByteBuf piece) {
    pieces.add(piece.readableBytes());
    handedOn.writeBytes(ByteBufUtil.getBytes(piece));
    piece.release();
  }

  @AfterEach
  void everythingIsGivenBack() {
    reader.close();
    assertEquals(0, alloc.metric().usedDirectMemory());
  }

  private static byte[] record(int messageBytes) {
    byte[] message = new byte[messageBytes];
    new Random(5).nextBytes(message);
    ByteBuf record = Unpooled.buffer().writeInt(RecordMarking.lastFragment(messageBytes));
    return ByteBufUtil.getBytes(record.writeBytes(message));
  }

  private void read(int from, int to) {
    reader.read(alloc.buffer(Math.max(1, to - from)).writeBytes(record, from, to - from));
  }

  private void assertHandedOn() {
    assertArrayEquals(Arrays.copyOfRange(record, FROM, TO), handedOn.toByteArray());
    byte[] blanked = record.clone();
    Arrays.fill(blanked, FROM, TO, (byte) 0xff);
    assertEquals(1, records.size());
    assertArrayEquals(blanked, records.get(0));
  }

  @Test
  void middle_handedOnWhenMoreOrLessHasArrived_andThenInPiecesOfAnySize_isWholeAndInOrder() {
    Random random = new Random(11);
    int[] arrivals = {FROM, FROM + 1, 5_000, 50_000, TO - 1, TO, TO + 1, TO + 5_000, 100_003};
    for (int arrived : arrivals) {
      for (int pieceMax : new int[] {1, 7, 4_096, 70_000}) {
        records.clear();
        handedOn.reset();
        read(0, arrived);
        reader.handOn(FROM, TO, this::takePiece);
        for (int at = arrived; at < record.length; ) {
          int next = Math.min(record.length, at + 1 + random.nextInt(pieceMax));
          read(at, next);
          at = next;
        }
        assertHandedOn();
      }
    }
  }

  @Test
  void bytesHeld_whileTheMiddleIsHandedOn_areThoseOfBothEnds() {
    read(0, 50_000);
    assertEquals(50_000 - 4, reader.bytesHeld());
    reader.handOn(FROM, TO, this::takePiece);

    assertEquals(FROM - 4, reader.bytesHeld());
    read(50_000, TO + 10);
    assertEquals(FROM - 4 + 10, reader.bytesHeld());
    read(TO + 10, record.length);
    assertEquals(0, reader.bytesHeld());
    assertHandedOn();
  }

  @Test
  void middleThatDrips_isHandedOnInPiecesWorthTheirMemory() {
    read(0, 20_000);
    reader.handOn(FROM, TO, this::takePiece);
    for (int at = 20_000; at < record.length; at++) {
      read(at, at + 1);
    }

    assertHandedOn();
    assertTrue(pieces.size() < 25, pieces.size() + " pieces");
  }

  @Test
  void recordBehind_isKeptWhole() {
    read(0, 20_000);
    reader.handOn(FROM, TO, this::takePiece);
    read(20_000, record.length);
    read(0, record.length);

    assertEquals(2, records.size());
    assertArrayEquals(record, records.get(1));
  }

  @Test
  void recordThatEndsEarly_closedReader_givesAllBack() {
    read(0, 20_000);
    reader.handOn(FROM, TO, this::takePiece);
    read(20_000, 20_010);
  }

  @Test
  void announced_isTheLengthOfALongRecordInOneFragment_only() {
    assertEquals(0, reader.announced());
    read(0, 3);
    assertEquals(0, reader.announced());
    read(3, 4);
    assertEquals(MESSAGE_BYTES, reader.announced());
    read(4, record.length - 1);
    assertEquals(MESSAGE_BYTES, reader.announced());
    read(record.length - 1, record.length);
    assertEquals(0, reader.announced());
  }

  @Test
  void announced_ofSeveralFragments_isUnknown() {
    reader.read(alloc.buffer().writeInt(40_000).writeZero(40_000));
    assertEquals(0, reader.announced());
    reader.read(alloc.buffer().writeInt(RecordMarking.lastFragment(40_000)).writeZero(39_999));
    assertEquals(0, reader.announced());
  }

  @Test
  void announced_ofAShortRecord_isUnknown() {
    int length = RecordReader.FLAT_BYTES_MAX;
    reader.read(alloc.buffer().writeInt(RecordMarking.lastFragment(length)).writeZero(100));
    assertEquals(0, reader.announced());
  }

  @Test
  void beginning_isACopyOfWhatIsThere_andBlankToTheRecordsEnd() {
    for (int there : new int[] {0, 1, 100, 4_000, 4_096, 5_000}) {
      RecordReader begun = new RecordReader(alloc, 1 << 20, this::take);
      begun.read(alloc.buffer().writeBytes(record, 0, 4 + there));
      ByteBuf beginning = begun.beginning(4_096);
      byte[] expected = record.clone();
      Arrays.fill(expected, 4 + Math.min(there, 4_096), record.length, (byte) 0xff);
      assertArrayEquals(expected, ByteBufUtil.getBytes(beginning));
      beginning.setInt(0, 0);
      beginning.release();
      begun.read(alloc.buffer().writeBytes(record, 4 + there, record.length - 4 - there));
      assertArrayEquals(record, records.remove(0));
    }
  }

  @Test
  void handOn_ofBytesThatHaveNotBegun_orTwice_isRefused() {
    assertThrows(IllegalStateException.class, () -> reader.handOn(4, 8, this::takePiece));
    read(0, 200);
    assertThrows(IllegalStateException.class, () -> reader.handOn(FROM, TO, this::takePiece));
    reader.handOn(200, TO, this::takePiece);
    assertThrows(IllegalStateException.class, () -> reader.handOn(200, TO, this::takePiece));
  }
}
