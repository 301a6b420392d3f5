package org.nfsproxy.nfs.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.nfs.AttributesBuilder;
import org.nfsproxy.nfs.Records;
import org.nfsproxy.nfs.ResultBuilder;
import org.nfsproxy.nfs.XdrBytes;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.AttributeWalk;
import org.nfsproxy.nfs.walk.AttributeWalkTest;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;

class AttributeCutTest {
  private final AttributeWalk walk = new AttributeWalk();
  private final AttributeCut cut = new AttributeCut();

  private static byte[] message(byte[] fattr4) {
    return new XdrBytes<>().words(9, 0).raw(fattr4).words(24, 0).bytes();
  }

  private ByteBuf read(AttributesBuilder attributes) {
    ByteBuf record = Records.record(message(attributes.fattr4()));
    walk.walk(record, record.readerIndex() + 12, record.writerIndex());
    return record;
  }

  private static int[] all() {
    return AttributeWalkTest.numbers().toArray();
  }

  static IntStream numbers() {
    return AttributeWalkTest.numbers();
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void drop_eachOfAll_leavesTheOthers(int number) {
    ByteBuf record = read(AttributesBuilder.of(all()));
    Splice splice = new Splice(record);
    assertTrue(cut.drop(Attribute4.of(number)).into(splice, walk));
    int[] others = numbers().filter(other -> other != number).toArray();
    // The bitmap keeps its words.
    byte[] expected = message(AttributesBuilder.of(others).fattr4(3));
    Records.assertRecord(expected, splice.end(), record);
  }

  @Test
  void drop_severalAndReplaceOne_isOneChange() {
    ByteBuf record = read(AttributesBuilder.of(0, 1, 8, 24, 36, 55, 67, 75));
    Splice splice = new Splice(record);
    byte[] owner = new XdrBytes<>().text("somebody@else").bytes();
    cut.drop(Attribute4.FS_LOCATIONS_INFO).drop(Attribute4.FS_LOCATIONS);
    assertTrue(cut.replace(Attribute4.OWNER, owner).into(splice, walk));
    AttributesBuilder left =
        AttributesBuilder.of(0, 1, 8, 55, 75).with(36, a -> a.text("somebody@else"));
    Records.assertRecord(message(left.fattr4(3)), splice.end(), record);
  }

  @Test
  void drop_theOnlyOne_leavesNoValues() {
    ByteBuf record = read(AttributesBuilder.of(24));
    Splice splice = new Splice(record);
    assertTrue(cut.drop(Attribute4.FS_LOCATIONS).into(splice, walk));
    Records.assertRecord(message(AttributesBuilder.of().fattr4(1)), splice.end(), record);
  }

  @Test
  void drop_whatIsNotThere_changesNothing() {
    ByteBuf record = read(AttributesBuilder.of(1, 8));
    Splice splice = new Splice(record);
    cut.drop(Attribute4.FS_LOCATIONS).replace(Attribute4.OWNER, new byte[8]);
    assertFalse(cut.into(splice, walk));
    Records.assertRecord(message(AttributesBuilder.of(1, 8).fattr4()), splice.end(), record);
  }

  @Test
  void drop_belowAnUnknownAttribute_leavesTheUnknownBytes() {
    ByteBuf record = read(AttributesBuilder.of(8, 24).with(90, a -> a.words(1, 2, 3)));
    Splice splice = new Splice(record);
    assertTrue(cut.drop(Attribute4.FS_LOCATIONS).into(splice, walk));
    AttributesBuilder left = AttributesBuilder.of(8).with(90, a -> a.words(1, 2, 3));
    Records.assertRecord(message(left.fattr4()), splice.end(), record);
  }

  @Test
  void cut_again_remembersNothing() {
    ByteBuf record = read(AttributesBuilder.of(8, 24));
    assertTrue(cut.drop(Attribute4.FS_LOCATIONS).into(new Splice(record), walk));
    assertFalse(cut.into(new Splice(record), walk));
    record.release();
  }

  @Test
  void drop_inTheEntriesOfADirectory_isOneSplice() {
    byte[] with = AttributesBuilder.of(1, 8, 24).fattr4();
    byte[] without = AttributesBuilder.of(1, 8).fattr4(1);
    for (int entries : new int[] {1, 3, 500}) {
      ByteBuf record = Records.record(Records.reply(0, directory(entries, with)));
      CompoundReplyWalk reply = new CompoundReplyWalk();
      int resultsAt = record.readerIndex() + 4 + 24;
      assertEquals(Outcome.WHOLE, reply.walk(record, resultsAt, record.writerIndex(), 8));
      Splice splice = new Splice(record);
      for (int i = 0; i < reply.parts().count(); i++) {
        if (reply.parts().part(i) == Part.FATTR4) {
          int at = reply.parts().at(i);
          walk.walk(record, at, at + reply.parts().length(i));
          assertTrue(cut.drop(Attribute4.FS_LOCATIONS).into(splice, walk));
        }
      }
      byte[] expected = Records.reply(0, directory(entries, without));
      Records.assertRecord(expected, splice.end(), record);
    }
  }

  private static byte[] directory(int entries, byte[] fattr4) {
    ResultBuilder results = ResultBuilder.compound("").result(26, 0).fixed(8, 0xcc);
    for (int i = 0; i < entries; i++) {
      results.word(1).hyper(i).text("name " + i).raw(fattr4);
    }
    return results.words(0, 1).bytes();
  }

  @Test
  void replace_byNothingOrHalfAWord_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> cut.replace(Attribute4.OWNER, new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> cut.replace(Attribute4.OWNER, new byte[6]));
  }
}
