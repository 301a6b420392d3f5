package org.nfsproxy.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.Wire;

class TlsRecordsTest {
  private final List<String> closes = new ArrayList<>();
  private boolean isEstablished = true;
  private final TlsRecords records = new TlsRecords(closes::add, () -> isEstablished);
  private final EmbeddedChannel channel = new EmbeddedChannel(records);

  @AfterEach
  void stop() {
    channel.finishAndReleaseAll();
  }

  private static byte[] header(int length) {
    return new byte[] {23, 3, 3, (byte) (length >> 8), (byte) length};
  }

  private static byte[] whole(int length) {
    return Wire.concat(header(length), new byte[length]);
  }

  private void arrives(byte[]... parts) {
    channel.writeInbound(Unpooled.wrappedBuffer(Wire.concat(parts)));
  }

  private void arrivesInPiecesOf(int most, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += most) {
      ByteBuf piece = Unpooled.copiedBuffer(bytes, at, Math.min(most, bytes.length - at));
      channel.writeInbound(piece);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 100, 5_000, 1_000_000})
  void records_howeverTheyAreCut_passAsTheyAre(int most) {
    byte[] all = Wire.concat(whole(0), whole(1), whole(16_640), whole(0), whole(300));
    arrivesInPiecesOf(most, all);
    assertEquals(List.of(), closes);
    int passed = 0;
    for (ByteBuf each = channel.readInbound(); each != null; each = channel.readInbound()) {
      passed += each.readableBytes();
      each.release();
    }
    assertEquals(all.length, passed);
    assertEquals(9, records.insideSince(9, true));
    assertEquals(99, records.insideSince(99, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {16_641, 0x7fff, 0x8000, 0xffff})
  void recordAnnouncedTooLong_isClosedAtItsHeader_howeverItIsCut(int length) {
    arrivesInPiecesOf(1, Wire.concat(whole(7), header(length)));
    assertEquals(1, closes.size(), closes::toString);
    assertTrue(closes.get(0).contains(String.valueOf(length)), closes::toString);
  }

  @Test
  void recordAnnouncedTooLong_inAHandshake_isForTheEngine() {
    isEstablished = false;
    arrives(header(0xffff), new byte[0xffff], header(3));
    assertEquals(List.of(), closes);
    isEstablished = true;
    arrives(new byte[3], header(0xffff));
    assertEquals(1, closes.size());
  }

  @Test
  void recordAnnouncedTooLong_inTheSameReadAsTheHandshakesEnd_isClosedAtItsNextBytes() {
    isEstablished = false;
    arrives(whole(60), header(0xffff), new byte[9]);
    assertEquals(List.of(), closes);
    isEstablished = true;
    arrives(new byte[1]);
    assertEquals(1, closes.size());
  }

  @Test
  void recordThatDoesNotEnd_isOnItsWaySinceItsFirstByte() {
    assertEquals(1, records.insideSince(1, true));
    arrives(new byte[] {23});
    assertEquals(1, records.insideSince(2, true));
    arrives(new byte[] {3, 3, 0, 2, 1});
    assertEquals(1, records.insideSince(60, true));
    arrives(new byte[] {1});
    assertEquals(61, records.insideSince(61, true));
  }

  @Test
  void recordsThatCome_andTimeWithoutReading_doNotCount() {
    arrives(header(2));
    assertEquals(5, records.insideSince(5, false));
    assertEquals(5, records.insideSince(6, true));
    arrives(new byte[] {1, 1}, header(2));
    assertEquals(9, records.insideSince(9, true));
    assertEquals(9, records.insideSince(30, true));
  }
}
