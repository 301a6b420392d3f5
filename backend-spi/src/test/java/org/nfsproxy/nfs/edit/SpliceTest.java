package org.nfsproxy.nfs.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.CompoundBuilder;
import org.nfsproxy.nfs.Records;
import org.nfsproxy.nfs.XdrBytes;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.nfs.walk.GoldenResultsTest;

class SpliceTest {
  private static byte[] message(String opaque) {
    return new XdrBytes<>().words(1, 2).text(opaque).words(3).bytes();
  }

  @Test
  void replace_ofEachLengthByEach_keepsPaddingAndMarker() {
    String letters = "abcdefghijk";
    for (int length = 0; length <= letters.length(); length++) {
      for (int other = 0; other <= letters.length(); other++) {
        String now = letters.substring(0, other).toUpperCase(Locale.ROOT);
        ByteBuf record = Records.record(message(letters.substring(0, length)));
        int at = record.readerIndex() + 4 + 12;
        ByteBuf changed = Splice.replace(record, at, length, now.getBytes(UTF_8));
        Records.assertRecord(message(now), changed, record);
      }
    }
  }

  @Test
  void splice_withoutChanges_isTheRecord() {
    ByteBuf record = Records.record(message("name"));
    Records.assertRecord(message("name"), new Splice(record).end(), record);
  }

  @Test
  void splice_atBothEnds_changesBoth() {
    ByteBuf record = Records.record(new XdrBytes<>().words(1, 2, 3).bytes());
    int at = record.readerIndex() + 4;
    ByteBuf changed =
        new Splice(record).word(at, 0x01020304).cut(at + 8, 4).append(-1, 0x80000001).end();
    byte[] expected = new XdrBytes<>().words(0x01020304, 2, -1, 0x80000001).bytes();
    Records.assertRecord(expected, changed, record);
  }

  @Test
  void splice_ofAllBytes_isOfOursAlone() {
    ByteBuf record = Records.record(new XdrBytes<>().words(1, 2, 3).bytes());
    ByteBuf changed = new Splice(record).cut(record.readerIndex() + 4, 12).append(7).end();
    Records.assertRecord(new XdrBytes<>().word(7).bytes(), changed, record);
  }

  @Test
  void splice_ofFewChanges_sharesTheRecordsMemory() {
    ByteBuf record = Records.record(new XdrBytes<>().words(1, 2).opaque(1 << 20, 0xda).bytes());
    ByteBuf changed = new Splice(record).word(record.readerIndex() + 8, 9).end();
    record.setByte(record.readerIndex() + 1000, 0x77);
    assertEquals(0x77, changed.getByte(1000));
    changed.release();
    assertEquals(0, record.refCnt());
  }

  @Test
  void splice_ofManyChanges_isWholeToo() {
    for (int changes : new int[] {31, 32, 33, 5000}) {
      XdrBytes<?> before = new XdrBytes<>();
      XdrBytes<?> after = new XdrBytes<>();
      for (int i = 0; i < changes; i++) {
        before.words(i, i, i);
        after.words(i, -i, -i, i);
      }
      ByteBuf record = Records.record(before.bytes());
      int at = record.readerIndex() + 4;
      Splice splice = new Splice(record);
      for (int i = 0; i < changes; i++) {
        splice.bytes(at + 12 * i + 4, 4, new XdrBytes<>().words(-i, -i).bytes());
      }
      Records.assertRecord(after.bytes(), splice.end(), record);
    }
  }

  @Test
  void splice_ofARecordInPieces_isWhole() {
    byte[] bytes = new XdrBytes<>().word(0x80000018).raw(message("name")).bytes();
    ByteBuf record = GoldenResultsTest.onePerByte(bytes);
    ByteBuf changed = Splice.replace(record, 16, 4, "longer".getBytes(UTF_8));
    Records.assertRecord(message("longer"), changed, record);
  }

  @Test
  void change_outOfOrderOrPlace_isRefused() {
    ByteBuf record = Records.record(new XdrBytes<>().words(1, 2, 3).bytes());
    int at = record.readerIndex() + 4;
    assertThrows(IllegalArgumentException.class, () -> new Splice(record).word(at - 4, 0));
    assertThrows(IllegalArgumentException.class, () -> new Splice(record).word(at + 12, 0));
    assertThrows(IllegalArgumentException.class, () -> new Splice(record).cut(at + 8, 8));
    assertThrows(IllegalArgumentException.class, () -> new Splice(record).cut(at, -4));
    assertThrows(
        IllegalArgumentException.class, () -> new Splice(record).cut(at, Integer.MAX_VALUE - 3));
    assertThrows(IllegalArgumentException.class, () -> new Splice(record).cut(at, 3));
    assertThrows(IllegalArgumentException.class, () -> new Splice(record).cut(at + 4, 7));
    assertThrows(
        IllegalArgumentException.class, () -> new Splice(record).bytes(at, 4, new byte[5]));
    assertThrows(
        IllegalArgumentException.class, () -> new Splice(record).word(at + 4, 0).word(at, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new Splice(record).word(at + 4, 0).word(at + 4, 0));
    record.release();
  }

  @Test
  void owner_grownByATag_isTheCallOfAnotherClient() {
    for (String owner : new String[] {"", "Linux NFSv4.1 host", "three", "four"}) {
      CompoundBuilder before = CompoundBuilder.compound(1).exchangeId(owner);
      CompoundBuilder after = CompoundBuilder.compound(1).exchangeId(owner + "/cluster");
      byte[] expected = Records.call(after.protectNone().implementation().bytes());
      ByteBuf record = Records.record(Records.call(before.protectNone().implementation().bytes()));
      CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();
      walk.walk(record, record.readerIndex() + 4 + 40, record.writerIndex(), 8);
      int i = walk.find(0, Part.OWNER);
      int at = walk.parts().at(i);
      byte[] grown = (owner + "/cluster").getBytes(UTF_8);
      ByteBuf changed = Splice.replace(record, at, walk.parts().length(i), grown);
      Records.assertRecord(expected, changed, record);
    }
  }
}
