package org.nfsproxy.nfs.walk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.nfs.CompoundBuilder;
import org.nfsproxy.nfs.GoldenProcedure;
import org.nfsproxy.nfs.table.Nfs2;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4Procedure;
import org.nfsproxy.nfs.table.Procedure;

/** Every procedure's arguments: whole, cut off and spoilt. */
class ArgumentsWalkTest {
  private final ArgumentsWalk walk = new ArgumentsWalk();

  static List<GoldenProcedure> all() {
    return GoldenProcedure.ALL;
  }

  @Test
  void goldens_coverEveryRowThatIsNotACompound() {
    Set<Procedure> expected =
        GoldenProcedure.rows().stream()
            .filter(row -> !row.isCompound())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<Procedure> covered =
        all().stream()
            .map(GoldenProcedure::row)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    assertEquals(expected, covered);
  }

  @ParameterizedTest
  @MethodSource("all")
  void arguments_whole_showTheirHandlesAndNames(GoldenProcedure golden) {
    int length = golden.arguments().length;
    // Something before and behind, so that an index counted from the arguments is noticed.
    ByteBuf buffer = Unpooled.buffer().writeZero(28).writeBytes(golden.arguments()).writeZero(12);

    assertEquals(Outcome.WHOLE, walk.walk(golden.row(), buffer, 28, 28 + length));

    assertEquals(28 + length, walk.end());
    assertEquals(golden.handles().size(), walk.handles());
    for (int i = 0; i < walk.handles(); i++) {
      assertArrayEquals(
          golden.handles().get(i),
          ByteBufUtil.getBytes(buffer, walk.handleAt(i), walk.handleLength(i)));
    }
    assertEquals(golden.names().size(), walk.names());
    for (int i = 0; i < walk.names(); i++) {
      assertEquals(
          golden.names().get(i), buffer.toString(walk.nameAt(i), walk.nameLength(i), UTF_8));
    }
    assertEquals(golden.row().effect().writes(), walk.writes());
  }

  @ParameterizedTest
  @MethodSource("all")
  void arguments_withBytesBehind_areWholeAndEndWhereTheyEnd(GoldenProcedure golden) {
    int length = golden.arguments().length;
    ByteBuf buffer = Unpooled.buffer().writeBytes(golden.arguments()).writeZero(9);
    assertEquals(Outcome.WHOLE, walk.walk(golden.row(), buffer, 0, length + 9));
    assertEquals(length, walk.end());
  }

  @ParameterizedTest
  @MethodSource("all")
  void arguments_cutAtEveryByte_areGarbage(GoldenProcedure golden) {
    byte[] bytes = golden.arguments();
    ByteBuf whole = Unpooled.wrappedBuffer(bytes);
    for (int length = 0; length < bytes.length; length++) {
      ByteBuf cut = Unpooled.copiedBuffer(bytes, 0, length);
      assertEquals(Outcome.GARBAGE, walk.walk(golden.row(), cut, 0, length), "at " + length);
      assertEquals(Outcome.GARBAGE, walk.walk(golden.row(), whole, 0, length), "at " + length);
      assertEquals(0, walk.handles());
      assertEquals(0, walk.names());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void arguments_withEachWordSpoilt_areWalkedWithinTheirBytes(GoldenProcedure golden) {
    byte[] bytes = golden.arguments();
    for (int spoilt : new int[] {-1, 0x80000000, 0x7fffffff, 0x7ffffffc, 0x00ffffff, 0, 1}) {
      for (int at = 0; at + 4 <= bytes.length; at += 4) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes).setInt(at, spoilt);
        walk.walk(golden.row(), buffer, 0, bytes.length);
        assertTrue(walk.end() <= bytes.length);
        for (int i = 0; i < walk.handles(); i++) {
          assertTrue(walk.handleAt(i) + walk.handleLength(i) <= bytes.length);
        }
        for (int i = 0; i < walk.names(); i++) {
          assertTrue(walk.nameAt(i) + walk.nameLength(i) <= bytes.length);
        }
      }
    }
  }

  @Test
  void handle_longerThanItsVersionAllows_isGarbage() {
    assertEquals(Outcome.WHOLE, walkGetattr(64));
    assertEquals(Outcome.GARBAGE, walkGetattr(65));
    assertEquals(Outcome.GARBAGE, walkGetattr(128));
  }

  private Outcome walkGetattr(int handleBytes) {
    byte[] bytes = new GoldenProcedure.Arguments().handle(new byte[handleBytes]).bytes();
    return walk.walk(Nfs3.GETATTR, Unpooled.wrappedBuffer(bytes), 0, bytes.length);
  }

  @Test
  void payload_ofNfs2_isBounded() {
    for (int length : new int[] {8192, 8193}) {
      byte[] bytes =
          new GoldenProcedure.Arguments().handle2().words(0, 0, 0).opaque(length, 1).bytes();
      assertEquals(
          length == 8192 ? Outcome.WHOLE : Outcome.GARBAGE,
          walk.walk(Nfs2.WRITE, Unpooled.wrappedBuffer(bytes), 0, bytes.length));
    }
  }

  @Test
  void booleanOfTwo_beforeAnOptionalItem_isGarbage() {
    byte[] bytes =
        new GoldenProcedure.Arguments().handle(new byte[28]).sattr3(false).word(2).hyper(0).bytes();
    assertEquals(
        Outcome.GARBAGE, walk.walk(Nfs3.SETATTR, Unpooled.wrappedBuffer(bytes), 0, bytes.length));
  }

  @Test
  void compound_isPassedOverToItsEnd() {
    byte[] bytes = CompoundBuilder.compound(1).sequence(0).putrootfh().bytes();
    assertEquals(
        Outcome.WHOLE,
        walk.walk(Nfs4Procedure.COMPOUND, Unpooled.wrappedBuffer(bytes), 0, bytes.length));
    assertEquals(bytes.length, walk.end());
    assertEquals(
        Outcome.GARBAGE, walk.walk(Nfs4Procedure.COMPOUND, Unpooled.wrappedBuffer(bytes), 0, 8));
  }
}
