package org.nfsproxy.nfs.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.nfs.ResultBuilder;
import org.nfsproxy.nfs.ResultBuilder.Written;
import org.nfsproxy.nfs.table.Mount3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;

/** Every NFSv4 operation's results, in each of their shapes: whole, in pieces, cut, spoilt. */
public class GoldenResultsTest {
  private static final int OPERATIONS_MAX = 64;

  private final CompoundReplyWalk walk = new CompoundReplyWalk();

  static List<GoldenResult> all() {
    return GoldenResult.ALL;
  }

  static List<Written> written(Parts parts, int from, int to) {
    List<Written> found = new ArrayList<>();
    for (int i = from; i < to; i++) {
      found.add(new Written(parts.part(i), parts.at(i), parts.length(i)));
    }
    return found;
  }

  public static ByteBuf onePerByte(byte[] bytes) {
    CompositeByteBuf buffer =
        new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, Math.max(1, bytes.length));
    for (byte one : bytes) {
      buffer.addComponent(true, Unpooled.wrappedBuffer(new byte[] {one}));
    }
    return buffer;
  }

  private Outcome walk(byte[] bytes, int length) {
    return walk.walk(Unpooled.wrappedBuffer(bytes), 0, length, OPERATIONS_MAX);
  }

  @Test
  void goldens_coverEveryRow() {
    Set<Nfs4> whole =
        all().stream()
            .filter(golden -> golden.status() == 0)
            .map(GoldenResult::row)
            .collect(Collectors.toSet());
    whole.add(Nfs4.ILLEGAL);
    assertEquals(EnumSet.allOf(Nfs4.class), whole);
  }

  @ParameterizedTest
  @MethodSource("all")
  void result_betweenItsLike_isSeenWithItsParts(GoldenResult golden) {
    ResultBuilder compound = ResultBuilder.compound("a tag");
    int[] ends = new int[3];
    for (int i = 0; i < 3; i++) {
      ends[i] = golden.appendTo(compound).length();
    }
    byte[] bytes = compound.bytes();

    assertEquals(Outcome.WHOLE, walk(bytes, bytes.length));

    assertEquals(golden.status(), walk.status());
    assertEquals(3, walk.count());
    for (int i = 0; i < 3; i++) {
      assertSame(golden.row(), walk.operation(i));
      assertEquals(golden.status(), walk.status(i));
      assertEquals(i == 0 ? walk.countAt() + 4 : ends[i - 1], walk.at(i));
      assertEquals(walk.at(i) + 4, walk.statusAt(i));
      assertEquals(ends[i], walk.end(i));
      assertEquals(walk.parts().count() / 3 * i, walk.partsFrom(i));
    }
    assertEquals(compound.parts(), written(walk.parts(), 0, walk.parts().count()));
    assertEquals(walk.parts().count(), walk.partsTo(2));
  }

  @ParameterizedTest
  @MethodSource("all")
  void result_cutAtEveryByte_isGarbage(GoldenResult golden) {
    ResultBuilder compound = ResultBuilder.compound("");
    int bodyAt = compound.length() + 8;
    byte[] bytes = golden.appendTo(compound).bytes();
    for (int length = 0; length < bytes.length; length++) {
      // The exception: a failure that was cut off behind its status by the server itself.
      boolean failureAlone = golden.status() != 0 && length == bodyAt;
      Outcome expected = failureAlone ? Outcome.WHOLE : Outcome.GARBAGE;
      ByteBuf cut = Unpooled.copiedBuffer(bytes, 0, length);
      assertEquals(expected, walk.walk(cut, 0, length, OPERATIONS_MAX), "at " + length);
      assertEquals(expected, walk(bytes, length), "at " + length);
      assertEquals(failureAlone ? 1 : 0, walk.count());
      assertEquals(0, walk.parts().count());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void result_withEachWordSpoilt_isWalkedWithinItsBytes(GoldenResult golden) {
    byte[] bytes = golden.appendTo(golden.appendTo(ResultBuilder.compound(""))).bytes();
    for (int spoilt : new int[] {-1, 0x80000000, 0x7fffffff, 0x7ffffffc, 0x00ffffff, 0, 1, 2}) {
      for (int at = 0; at + 4 <= bytes.length; at += 4) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes).setInt(at, spoilt);
        walk.walk(buffer, 0, bytes.length, OPERATIONS_MAX);
        assertWithin(bytes.length);
      }
    }
  }

  private void assertWithin(int length) {
    assertTrue(walk.count() <= OPERATIONS_MAX);
    for (int i = 0; i < walk.count(); i++) {
      assertTrue(walk.at(i) < walk.end(i) && walk.end(i) <= length);
      for (int part = walk.partsFrom(i); part < walk.partsTo(i); part++) {
        assertTrue(walk.parts().at(part) >= walk.at(i));
        assertTrue(walk.parts().length(part) >= 0);
        assertTrue(walk.parts().at(part) + walk.parts().length(part) <= walk.end(i));
      }
    }
    int last = walk.count() == 0 ? 0 : walk.partsTo(walk.count() - 1);
    assertEquals(last, walk.parts().count());
  }

  @ParameterizedTest
  @MethodSource("all")
  void result_inBuffersOfOneByteEach_isWhole(GoldenResult golden) {
    ResultBuilder compound = golden.appendTo(ResultBuilder.compound(""));
    byte[] bytes = compound.bytes();
    assertEquals(Outcome.WHOLE, walk.walk(onePerByte(bytes), 0, bytes.length, OPERATIONS_MAX));
    assertEquals(bytes.length, walk.end());
    assertEquals(compound.parts(), written(walk.parts(), 0, walk.parts().count()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void result_holdsNoPartThatItsRowDoesNotAnnounce(GoldenResult golden) {
    ResultBuilder compound = golden.appendTo(ResultBuilder.compound(""));
    for (Written written : compound.parts()) {
      assertTrue(golden.row().resultParts().contains(written.part()), written.toString());
    }
  }

  @Test
  void resultParts_ofRowsThatAreRewritten_areTheirs() {
    assertEquals(
        EnumSet.of(Part.CLIENTID, Part.EXCHANGE_FLAGS, Part.MINOR_ID, Part.MAJOR_ID, Part.SCOPE),
        Nfs4.EXCHANGE_ID.resultParts());
    assertEquals(EnumSet.of(Part.ENTRY, Part.NAME, Part.FATTR4), Nfs4.READDIR.resultParts());
    assertEquals(EnumSet.of(Part.PAYLOAD), Nfs4.READ.resultParts());
    assertEquals(EnumSet.of(Part.SERVER), Nfs4.COPY_NOTIFY.resultParts());
    assertEquals(EnumSet.of(Part.HANDLE, Part.FLAVORS), Mount3.MNT.resultParts());
  }

  // The shape of a refusal made by us must be one that the results allow.
  @Test
  void failure_ofEachRow_hasTheShapeOfItsColumn() {
    for (Nfs4 row : Nfs4.values()) {
      for (int status : new int[] {13, 30, 10008, 10016, 10019, 10044}) {
        ResultBuilder compound = ResultBuilder.compound("").result(row.number(), status);
        int whole = compound.length() + 4 * row.onFailure().zeroWords();
        // Words behind it that would be taken if the results were longer than the column says.
        byte[] bytes = compound.words(0, 0, 0, 0, 0, 0, 0, 0).bytes();
        assertEquals(Outcome.WHOLE, walk(bytes, bytes.length), row.label());
        assertEquals(whole, walk.end(), row.label());
      }
    }
  }
}
