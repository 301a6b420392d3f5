package org.nfsproxy.nfs.walk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.ResultBuilder;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;

class CompoundReplyWalkTest {
  private static final byte[] HANDLE = "a handle".getBytes(UTF_8);

  private final CompoundReplyWalk walk = new CompoundReplyWalk();

  private ByteBuf buffer;

  private Outcome walk(ResultBuilder results, int operationsMax) {
    byte[] bytes = results.bytes();
    // Something before and behind, so that an index counted from the results is noticed.
    buffer = Unpooled.buffer().writeZero(28).writeBytes(bytes).writeZero(12);
    return walk.walk(buffer, 28, 28 + bytes.length, operationsMax);
  }

  private static ResultBuilder lookup() {
    return ResultBuilder.compound("lookup")
        .result(53, 0)
        .session()
        .words(12, 3, 63, 63, 0)
        .result(22, 0)
        .result(15, 0)
        .result(10, 0)
        .opaque(HANDLE)
        .result(9, 0)
        .bitmap(1 << 8)
        .word(16)
        .hyper(1)
        .hyper(2);
  }

  @Test
  void walk_lookup_showsHandleAndAttributesWhereTheyAre() {
    assertEquals(Outcome.WHOLE, walk(lookup(), 16));

    assertEquals(0, walk.status());
    assertEquals(28, walk.statusAt());
    assertEquals("lookup", buffer.toString(walk.tagAt(), walk.tagLength(), UTF_8));
    assertEquals(5, buffer.getInt(walk.countAt()));
    assertEquals(5, walk.announced());
    assertEquals(5, walk.count());
    assertSame(Nfs4.GETFH, walk.operation(3));
    int handle = walk.find(3, Part.HANDLE);
    assertEquals(
        Filehandle.of(HANDLE),
        Filehandle.copy(buffer, walk.parts().at(handle), walk.parts().length(handle)));
    AttributeWalk attributes = new AttributeWalk();
    int fattr4 = walk.find(4, Part.FATTR4);
    int at = walk.parts().at(fattr4);
    attributes.walk(buffer, at, at + walk.parts().length(fattr4));
    assertEquals(2, buffer.getLong(attributes.at(Attribute4.FSID) + 8));
    assertEquals(-1, walk.find(4, Part.HANDLE));
    assertEquals(-1, walk.find(2, Part.HANDLE));
  }

  @Test
  void walk_again_remembersNothing() {
    walk(lookup(), 16);
    assertEquals(Outcome.WHOLE, walk(ResultBuilder.compound(""), 16));
    assertEquals(0, walk.count());
    assertEquals(0, walk.parts().count());
    assertEquals(walk.countAt() + 4, walk.end());
    assertThrows(IndexOutOfBoundsException.class, () -> walk.operation(0));
    assertThrows(IndexOutOfBoundsException.class, () -> walk.parts().at(0));
  }

  @Test
  void walk_unknownOperation_keepsWhatStandsBefore() {
    ResultBuilder results = ResultBuilder.compound("").result(24, 0).result(76, 0).words(1, 2);
    assertEquals(Outcome.UNKNOWN_OPERATION, walk(results, 16));
    assertEquals(1, walk.count());
    assertEquals(76, walk.unknownNumber());
  }

  @Test
  void walk_moreResultsThanAllowed_looksAtNone() {
    ResultBuilder results = ResultBuilder.compound("");
    for (int i = 0; i < 17; i++) {
      results.result(24, 0);
    }
    assertEquals(Outcome.TOO_MANY_OPERATIONS, walk(results, 16));
    assertEquals(0, walk.count());
    assertEquals(17, walk.announced());
    assertEquals(Outcome.WHOLE, walk(results, 17));
    assertEquals(17, walk.count());
  }

  @Test
  void walk_moved_showsTheStatusOfTheOperation() {
    ResultBuilder results = ResultBuilder.compound("").result(22, 0).result(15, 10019);
    assertEquals(Outcome.WHOLE, walk(results, 16));
    assertEquals(NfsStatus.MOVED, walk.status());
    assertEquals(NfsStatus.MOVED, walk.status(1));
    assertEquals(NfsStatus.MOVED, buffer.getInt(walk.statusAt(1)));
  }

  // Linux answers a SETATTR whose reply would be too long with the bare status.
  @Test
  void walk_failureWithoutItsBodyAtTheEnd_isWhole() {
    assertEquals(Outcome.WHOLE, walk(ResultBuilder.compound("").result(34, 10018), 16));
    assertEquals(1, walk.count());
    assertEquals(Outcome.GARBAGE, walk(ResultBuilder.compound("").result(34, 0), 16));
  }

  @Test
  void parts_ofALargeDirectory_areFoundAndNotKept() {
    int entries = 3 * Parts.PARTS_KEPT;
    ResultBuilder results = ResultBuilder.compound("").result(26, 0).fixed(8, 0);
    for (int i = 0; i < entries; i++) {
      results.entry(e -> e.hyper(1).part(Part.NAME, "n").noFattr4());
    }
    results.words(0, 1);
    assertEquals(Outcome.WHOLE, walk(results, 16));
    assertEquals(3 * entries, walk.parts().count());
    assertEquals(Part.ENTRY, walk.parts().part(3 * entries - 3));
    assertEquals(Outcome.WHOLE, walk(lookup(), 16));
    assertEquals(3, walk.parts().count());
  }
}
