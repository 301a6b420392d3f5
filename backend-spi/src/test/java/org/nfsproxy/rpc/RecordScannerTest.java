package org.nfsproxy.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// What all who read records rely on, byte by byte.
class RecordScannerTest {
  private static final int MAX = 8;
  private static final String STREAM =
      "80000003aabbcc" // one fragment
          + "00000002ddee80000001ff" // two
          + "80000000" // a record of nothing
          + "00000000000000000000000111000000008000000122" // fragments of nothing before, between
          + "000000013380000000" // and at the end
          + "80000008" // the longest
          + "0102030405060708";
  private static final List<String> MESSAGES =
      List.of("aabbcc", "ddeeff", "", "1122", "33", "0102030405060708");

  private final RecordScanner scanner = new RecordScanner(MAX);
  private final List<String> messages = new ArrayList<>();
  private final StringBuilder message = new StringBuilder();

  /** Reads as whoever uses a scanner does. */
  private void read(String hex) {
    ByteBuf bytes = Unpooled.buffer().writeZero(3); // indices do not begin at 0
    bytes.writeBytes(ByteBufUtil.decodeHexDump(hex));
    int at = 3;
    while (at < bytes.writerIndex()) {
      if (!scanner.isInFragment()) {
        at = scanner.marker(bytes, at, bytes.writerIndex());
      }
      if (scanner.isInFragment()) {
        int length = Math.min(scanner.fragmentLeft(), bytes.writerIndex() - at);
        message.append(ByteBufUtil.hexDump(bytes, at, length));
        at += length;
        scanner.pass(length);
        assertEquals(message.length() / 2, scanner.messageBytes());
        if (scanner.endsRecord()) {
          messages.add(message.toString());
          message.setLength(0);
        }
      }
    }
  }

  private void reset() {
    scanner.reset();
    message.setLength(0);
  }

  @Test
  void stream_inOnePiece_givesItsMessages() {
    read(STREAM);
    assertEquals(MESSAGES, messages);
    assertFalse(scanner.isMidRecord());
  }

  @Test
  void stream_byteByByte_givesItsMessages() {
    for (String octet : STREAM.split("(?<=\\G..)")) {
      read(octet);
    }
    assertEquals(MESSAGES, messages);
  }

  @Test
  void stream_cutTwiceAnywhere_givesItsMessages() {
    for (int one = 0; one <= STREAM.length(); one += 2) {
      for (int two = one; two <= STREAM.length(); two += 2) {
        messages.clear();
        read(STREAM.substring(0, one));
        read(STREAM.substring(one, two));
        read(STREAM.substring(two));
        assertEquals(MESSAGES, messages, "cut behind " + one / 2 + " and " + two / 2);
      }
    }
  }

  @Test
  void record_isUnderWay_fromItsFirstMarkersFirstByteToItsLast() {
    String record = "00000001aa" + "00000000" + "80000001bb";
    assertFalse(scanner.isMidRecord());
    for (int i = 0; i < record.length() - 2; i += 2) {
      read(record.substring(i, i + 2));
      assertTrue(scanner.isMidRecord(), "behind byte " + (i / 2 + 1));
    }
    read("bb");
    assertFalse(scanner.isMidRecord());
  }

  @Test
  void recordThatIsTooLong_isRefusedAtItsMarkersLastByte() {
    for (String marker : List.of("80000009", "00000009", "ffffffff", "7fffffff")) {
      reset();
      read(marker.substring(0, 6));
      assertThrows(RecordException.class, () -> read(marker.substring(6)), marker);
    }
  }

  @Test
  void fragmentsThatTogetherAreTooLong_areRefused_howeverTheyCome() {
    read("00000008" + "0102030405060708" + "00000000");
    RecordException refused = assertThrows(RecordException.class, () -> read("00000001"));
    assertEquals("a record of 9 bytes, above 8", refused.getMessage());
    reset();
    read("00000001aa");
    refused = assertThrows(RecordException.class, () -> read("ffffffff"));
    assertEquals("a record of 2147483648 bytes, above 8", refused.getMessage());
  }

  @Test
  void lengthIsBounded_forEachRecordAnew() {
    read("80000008" + "0102030405060708" + "80000008" + "0102030405060708");
    assertEquals(2, messages.size());
  }

  // Whoever bounds elsewhere may be told of any length, also of one that no int holds.
  @Test
  void scannerWithoutBound_takesWhatIsAnnounced() {
    RecordScanner unbounded = new RecordScanner(Long.MAX_VALUE);
    ByteBuf marker = Unpooled.buffer().writeInt(0x7fff_ffff);
    for (int i = 0; i < 3; i++) {
      assertEquals(4, unbounded.marker(marker, 0, 4));
      assertEquals(Integer.MAX_VALUE, unbounded.fragmentLeft());
      unbounded.pass(Integer.MAX_VALUE);
      assertFalse(unbounded.endsRecord());
    }
  }

  @Test
  void onlyFragment_isTold_emptyOnesAside() {
    assertFalse(scanner.isOnly());
    read("80000002aa");
    assertTrue(scanner.isLast() && scanner.isOnly());
    read("bb" + "00000000" + "80000002aa");
    assertTrue(scanner.isOnly());
    read("bb" + "00000002aa");
    assertFalse(scanner.isLast() || scanner.isOnly());
    read("bb" + "80000001");
    assertTrue(scanner.isLast());
    assertFalse(scanner.isOnly());
  }

  @Test
  void reset_goesBackBeforeTheRecord() {
    read("00000002aa");
    reset();
    assertFalse(scanner.isMidRecord());
    read("80000001bb");
    assertEquals(List.of("bb"), messages);
  }

  @Test
  void halfAMarker_isForgottenByReset() {
    read("8000");
    reset();
    read("80000001bb");
    assertEquals(List.of("bb"), messages);
  }
}
