package org.nfsproxy.xdr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class XdrReaderTest {
  private static XdrReader reader(String hex) {
    return new XdrReader().reset(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
  }

  private static void assertGarbage(Runnable read) {
    assertThrows(XdrException.class, read::run);
  }

  @Test
  void int32_isBigEndian() {
    XdrReader in = reader("01020304" + "ffffffff" + "80000000");
    assertEquals(0x01020304, in.int32());
    assertEquals(-1, in.int32());
    assertEquals(Integer.MIN_VALUE, in.int32());
    assertEquals(0, in.remaining());
  }

  @Test
  void uint32_hasNoSign() {
    XdrReader in = reader("ffffffff" + "00000001");
    assertEquals(4_294_967_295L, in.uint32());
    assertEquals(1, in.uint32());
  }

  @Test
  void int64_isBigEndian() {
    XdrReader in = reader("0102030405060708" + "ffffffffffffffff");
    assertEquals(0x0102030405060708L, in.int64());
    assertEquals(-1, in.int64());
  }

  @Test
  void bool_takesZeroAndOneOnly() {
    XdrReader in = reader("00000000" + "00000001" + "00000002");
    assertFalse(in.bool());
    assertTrue(in.bool());
    assertGarbage(in::bool);
    assertGarbage(() -> reader("80000000").bool());
    assertGarbage(() -> reader("ffffffff").bool());
  }

  @Test
  void count_upToItsBound() {
    assertEquals(0, reader("00000000").count(0));
    assertEquals(7, reader("00000007").count(7));
    assertGarbage(() -> reader("00000008").count(7));
    assertGarbage(() -> reader("00000001").count(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"80000000", "ffffffff", "fffffffc", "fffffffd"})
  void count_beyondTwoGigabytes_isGarbageWhateverTheBound(String hex) {
    assertGarbage(() -> reader(hex).count(Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"80000000", "ffffffff", "fffffffd", "7fffffff", "7ffffffe", "7ffffffc"})
  void opaque_lengthOfGigabytes_isGarbageBeforeAnythingIsMade(String hex) {
    String bytes = hex + "00000000";
    assertGarbage(() -> reader(bytes).opaque(Integer.MAX_VALUE));
    assertGarbage(() -> reader(bytes).skipOpaque(Integer.MAX_VALUE));
    assertGarbage(() -> reader(bytes).string(Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MAX_VALUE - 2, Integer.MIN_VALUE, -1, -4, -3})
  void skipAndFixed_ofImpossibleLengths_areGarbage(int length) {
    assertGarbage(() -> reader("0000000000000000").skip(length));
    assertGarbage(() -> reader("0000000000000000").fixed(length));
  }

  @Test
  void opaque_ofEachAlignment_endsBehindItsPadding() {
    String[] padded = {"", "61000000", "61620000", "61626300", "61626364", "6162636465000000"};
    String[] texts = {"", "a", "ab", "abc", "abcd", "abcde"};
    for (int length = 0; length < texts.length; length++) {
      String hex = "0000000" + length + padded[length] + "deadbeef";
      XdrReader in = reader(hex);
      assertArrayEquals(texts[length].getBytes(UTF_8), in.opaque(5));
      assertEquals(0xdeadbeef, in.int32());
      in.position(0);
      assertEquals(length, in.skipOpaque(5));
      assertEquals(0xdeadbeef, in.int32());
      in.position(0);
      assertEquals(texts[length], in.string(5));
      assertEquals(0xdeadbeef, in.int32());
      in.position(4);
      assertArrayEquals(texts[length].getBytes(UTF_8), in.fixed(length));
      assertEquals(0xdeadbeef, in.int32());
      in.position(4);
      in.skip(length);
      assertEquals(0xdeadbeef, in.int32());
    }
  }

  @Test
  void opaque_longerThanItsBound_isGarbageThoughItIsThere() {
    assertGarbage(() -> reader("00000005" + "6162636465000000").opaque(4));
    assertGarbage(() -> reader("00000005" + "6162636465000000").skipOpaque(4));
    assertGarbage(() -> reader("00000005" + "6162636465000000").string(4));
  }

  @Test
  void string_isUtf8() {
    assertEquals("né", reader("00000003" + "6ec3a900").string(3));
  }

  /** Each item with the bytes it takes. */
  record Item(String name, String hex, Consumer<XdrReader> read) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Item> items() {
    return List.of(
        new Item("int32", "00000001", XdrReader::int32),
        new Item("uint32", "00000001", XdrReader::uint32),
        new Item("int64", "0000000000000001", XdrReader::int64),
        new Item("bool", "00000001", XdrReader::bool),
        new Item("count", "00000001", in -> in.count(9)),
        new Item("skip", "0000000000000000", in -> in.skip(7)),
        new Item("skipOpaque", "000000050000000000000000", in -> in.skipOpaque(9)),
        new Item("opaque", "000000050000000000000000", in -> in.opaque(9)),
        new Item("fixed", "0000000000000000", in -> in.fixed(5)),
        new Item("string", "000000050000000000000000", in -> in.string(9)));
  }

  @ParameterizedTest
  @MethodSource("items")
  void item_cutAtEveryByte_isGarbageAndNothingBehindTheEndIsRead(Item item) {
    byte[] bytes = ByteBufUtil.decodeHexDump(item.hex);
    ByteBuf whole = Unpooled.wrappedBuffer(bytes);
    for (int length = 0; length < bytes.length; length++) {
      XdrReader cut = new XdrReader().reset(Unpooled.copiedBuffer(bytes, 0, length));
      assertGarbage(() -> item.read.accept(cut));
      XdrReader within = new XdrReader().reset(whole, 0, length);
      assertGarbage(() -> item.read.accept(within));
    }
    XdrReader in = new XdrReader().reset(whole);
    item.read.accept(in);
    assertEquals(bytes.length, in.position());
    assertEquals(0, in.remaining());
  }

  @Test
  void reset_toARange_countsAsTheBufferDoes() {
    ByteBuf buffer = Unpooled.buffer().writeInt(1).writeInt(2).writeInt(3);
    buffer.skipBytes(4);
    XdrReader in = new XdrReader().reset(buffer);
    assertSame(buffer, in.buffer());
    assertEquals(4, in.position());
    assertEquals(8, in.remaining());
    assertEquals(2, in.int32());
    assertEquals(4, buffer.readerIndex());
    in.reset(buffer, 8, 12);
    assertEquals(3, in.int32());
    assertGarbage(in::int32);
  }

  @Test
  void reset_outsideTheBuffer_isRefused() {
    ByteBuf buffer = Unpooled.buffer(16).writeLong(0);
    assertGarbage(() -> new XdrReader().reset(buffer, -1, 4));
    assertGarbage(() -> new XdrReader().reset(buffer, 5, 4));
    assertGarbage(() -> new XdrReader().reset(buffer, 0, 9));
  }

  @Test
  void position_goesBackAndForthWithinTheEnd() {
    XdrReader in = reader("0000000100000002");
    in.position(4);
    assertEquals(2, in.int32());
    in.position(0);
    assertEquals(1, in.int32());
    in.position(8);
    assertEquals(0, in.remaining());
    assertGarbage(() -> in.position(9));
    assertGarbage(() -> in.position(-1));
  }

  @Test
  void exception_carriesNoStackTrace() {
    XdrException garbage = assertThrows(XdrException.class, () -> reader("").int32());
    assertEquals(0, garbage.getStackTrace().length);
    assertEquals("needs 4 bytes, 0 left", garbage.getMessage());
  }
}
