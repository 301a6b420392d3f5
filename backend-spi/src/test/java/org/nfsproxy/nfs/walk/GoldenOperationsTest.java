package org.nfsproxy.nfs.walk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.nfs.CompoundBuilder;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.CompoundOperation;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Nfs4Callback;

/** Every NFSv4 operation, in each of its shapes: whole, in pieces, cut off and spoilt. */
class GoldenOperationsTest {
  private static final int OPERATIONS_MAX = 64;

  static Stream<GoldenOperation<?>> all() {
    return Stream.concat(GoldenOperation.CALLS.stream(), GoldenOperation.CALLBACKS.stream());
  }

  private static CompoundWalk<?> walkOf(GoldenOperation<?> golden) {
    return golden.row() instanceof Nfs4Callback
        ? CompoundWalk.ofCallbacks()
        : CompoundWalk.ofCalls();
  }

  @Test
  void goldens_coverEveryRow() {
    Set<Nfs4> calls = rows(GoldenOperation.CALLS);
    calls.add(Nfs4.ILLEGAL);
    assertEquals(EnumSet.allOf(Nfs4.class), calls);
    Set<Nfs4Callback> callbacks = rows(GoldenOperation.CALLBACKS);
    callbacks.add(Nfs4Callback.CB_ILLEGAL);
    assertEquals(EnumSet.allOf(Nfs4Callback.class), callbacks);
  }

  private static <O extends CompoundOperation> Set<O> rows(List<GoldenOperation<O>> goldens) {
    return goldens.stream().map(GoldenOperation::row).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("all")
  void operation_betweenItsLike_isSeenWithItsHandleAndName(GoldenOperation<?> golden) {
    CompoundBuilder compound = golden.begin();
    int[] ends = new int[3];
    for (int i = 0; i < 3; i++) {
      ends[i] = golden.encoding().apply(compound).length();
    }
    ByteBuf buffer = Unpooled.wrappedBuffer(compound.bytes());
    CompoundWalk<?> walk = walkOf(golden);

    assertEquals(Outcome.WHOLE, walk.walk(buffer, 0, buffer.writerIndex(), OPERATIONS_MAX));

    assertEquals(3, walk.count());
    for (int i = 0; i < 3; i++) {
      assertSame(golden.row(), walk.operation(i));
      assertEquals(ends[i], walk.end(i));
      assertEquals(golden.writes(), walk.writes(i));
      assertSameHandle(golden, walk, buffer, i);
      assertSameName(golden, walk, buffer, i);
    }
  }

  private static void assertSameHandle(
      GoldenOperation<?> golden, CompoundWalk<?> walk, ByteBuf buffer, int i) {
    if (golden.handle() == null) {
      assertEquals(-1, walk.handleAt(i));
    } else {
      assertEquals(
          Filehandle.of(golden.handle()),
          Filehandle.copy(buffer, walk.handleAt(i), walk.handleLength(i)));
    }
  }

  private static void assertSameName(
      GoldenOperation<?> golden, CompoundWalk<?> walk, ByteBuf buffer, int i) {
    if (golden.name() == null) {
      assertEquals(-1, walk.nameAt(i));
    } else {
      assertEquals(golden.name(), buffer.toString(walk.nameAt(i), walk.nameLength(i), UTF_8));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void operation_cutAtEveryByte_isGarbage(GoldenOperation<?> golden) {
    byte[] bytes = golden.encoding().apply(golden.begin()).bytes();
    ByteBuf whole = Unpooled.wrappedBuffer(bytes);
    CompoundWalk<?> walk = walkOf(golden);
    for (int length = 0; length < bytes.length; length++) {
      // Once with nothing behind the end, once with bytes there that must not be read.
      ByteBuf cut = Unpooled.copiedBuffer(bytes, 0, length);
      assertEquals(Outcome.GARBAGE, walk.walk(cut, 0, length, OPERATIONS_MAX), "at " + length);
      assertEquals(Outcome.GARBAGE, walk.walk(whole, 0, length, OPERATIONS_MAX), "at " + length);
      assertEquals(0, walk.count());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void operation_withEachWordSpoilt_isWalkedWithinItsBytes(GoldenOperation<?> golden) {
    byte[] bytes = golden.encoding().apply(golden.encoding().apply(golden.begin())).bytes();
    CompoundWalk<?> walk = walkOf(golden);
    for (int spoilt : new int[] {-1, 0x80000000, 0x7fffffff, 0x7ffffffc, 0x00ffffff, 0, 1}) {
      for (int at = 0; at + 4 <= bytes.length; at += 4) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes).setInt(at, spoilt);
        walk.walk(buffer, 0, bytes.length, OPERATIONS_MAX);
        assertWithin(walk, bytes.length);
      }
    }
  }

  private static void assertWithin(CompoundWalk<?> walk, int length) {
    assertTrue(walk.count() <= OPERATIONS_MAX);
    for (int i = 0; i < walk.count(); i++) {
      assertTrue(walk.at(i) < walk.end(i) && walk.end(i) <= length);
      assertTrue(walk.handleAt(i) + walk.handleLength(i) <= walk.end(i));
      assertTrue(walk.nameAt(i) + walk.nameLength(i) <= walk.end(i));
      assertTrue(walk.handleLength(i) >= 0 && walk.nameLength(i) >= 0);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void operation_inBuffersOfOneByteEach_isWhole(GoldenOperation<?> golden) {
    byte[] bytes = golden.encoding().apply(golden.begin()).bytes();
    CompositeByteBuf buffer =
        new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, bytes.length);
    for (byte one : bytes) {
      buffer.addComponent(true, Unpooled.wrappedBuffer(new byte[] {one}));
    }
    CompoundWalk<?> walk = walkOf(golden);
    assertEquals(Outcome.WHOLE, walk.walk(buffer, 0, bytes.length, OPERATIONS_MAX));
    assertEquals(bytes.length, walk.end());
  }

  @ParameterizedTest
  @MethodSource("all")
  void operation_inAnEarlierMinorVersion_isUnknown(GoldenOperation<?> golden) {
    for (int minorVersion = 0; minorVersion < golden.row().minorVersion(); minorVersion++) {
      CompoundBuilder compound =
          golden.row() instanceof Nfs4Callback
              ? CompoundBuilder.callback(minorVersion)
              : CompoundBuilder.compound(minorVersion);
      byte[] bytes = golden.encoding().apply(compound).bytes();
      CompoundWalk<?> walk = walkOf(golden);
      assertEquals(
          Outcome.UNKNOWN_OPERATION,
          walk.walk(Unpooled.wrappedBuffer(bytes), 0, bytes.length, OPERATIONS_MAX));
      assertEquals(golden.row().number(), walk.unknownNumber());
    }
  }
}
