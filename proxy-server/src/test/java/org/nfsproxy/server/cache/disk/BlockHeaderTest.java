package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.fuzz.Fuzzing;

class BlockHeaderTest {
  private static final StoreId ID = new StoreId(11, 12);

  private static final FileVersion VERSION =
      new FileVersion(1, 5000, -3, 4, -5, 6, 7, Long.MIN_VALUE, -9);

  private static final BlockHeader HEADER =
      new BlockHeader(
          ID, 21, 22, 23, new FileKey(Filehandle.of(new byte[128]), 4), VERSION, 4000, 1000);

  private static ByteBuf written(BlockHeader header) {
    ByteBuf buffer = Unpooled.buffer(BlockHeader.BYTES + header.length());
    buffer.setZero(0, buffer.capacity()).writerIndex(buffer.capacity());
    for (int i = 0; i < header.length(); i++) {
      buffer.setByte(BlockHeader.BYTES + i, i);
    }
    header.write(buffer, 0);
    return buffer;
  }

  @Test
  void written_isReadAsItWas() {
    ByteBuf buffer = written(HEADER);
    BlockHeader read = BlockHeader.read(buffer, 0);
    assertEquals(HEADER, read);
    assertTrue(read.goesWithData(buffer, 0));
  }

  @Test
  void anyBitFlipped_isNoticed() {
    ByteBuf buffer = written(HEADER);
    for (int bit = 0; bit < 8 * buffer.capacity(); bit++) {
      int at = bit / 8;
      buffer.setByte(at, buffer.getByte(at) ^ 1 << bit % 8);
      BlockHeader read = BlockHeader.read(buffer, 0);
      assertFalse(read != null && read.goesWithData(buffer, 0), "bit " + bit);
      buffer.setByte(at, buffer.getByte(at) ^ 1 << bit % 8);
    }
  }

  @Test
  void rangesThatNoFileHas_areNotRead() {
    assertNull(BlockHeader.read(written(with(VERSION, 4001, 1000)), 0));
    assertNull(BlockHeader.read(written(with(VERSION, -1, 1000)), 0));
    assertNull(BlockHeader.read(written(with(VERSION, Long.MAX_VALUE, 1000)), 0));
    assertNull(BlockHeader.read(written(with(VERSION, 0, 0)), 0));
    FileVersion negative = new FileVersion(1, -1, 1, 1, 1, 1, 1, 1, 1);
    assertNull(BlockHeader.read(written(with(negative, 0, 1000)), 0));
  }

  private static BlockHeader with(FileVersion version, long offset, int length) {
    return new BlockHeader(ID, 21, 22, 23, HEADER.key(), version, offset, length);
  }

  @Test
  void anyBytes_areReadOrNot_withoutMore() throws Exception {
    byte[] block = ByteBufUtil.getBytes(written(HEADER));
    new Fuzzing("cache-disk", BlockHeaderTest::readAll, List.of(block)).run();
  }

  // With the right sum, since no bytes but those would come to be looked into.
  @Test
  void anyFields_underTheRightSum_areReadOrNot() {
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 5000; round++) {
      ByteBuf buffer = written(HEADER);
      for (int i = 1 + random.nextInt(8); i > 0; i--) {
        buffer.setByte(8 + random.nextInt(BlockHeader.BYTES - 12), random.nextInt());
      }
      buffer.setInt(BlockHeader.BYTES - 4, Sums.of(buffer, 0, BlockHeader.BYTES - 4));
      BlockHeader read = BlockHeader.read(buffer, 0);
      assertTrue(
          read == null || BlockHeader.isRange(read.offset(), read.length(), read.version()),
          "-Dfuzz.seed=" + seed);
    }
  }

  private static Object readAll(ByteBuf input) {
    int at = input.readerIndex();
    int length = input.readableBytes();
    BlockHeader block = length < BlockHeader.BYTES ? null : BlockHeader.read(input, at);
    boolean isWhole =
        block != null
            && block.length() <= length - BlockHeader.BYTES
            && block.goesWithData(input, at);
    SlabHeader slab = length < SlabHeader.BYTES ? null : SlabHeader.read(input, at);
    return List.of(
        String.valueOf(block), isWhole, String.valueOf(slab), "" + StoreHeader.read(input));
  }

  @Test
  void storeHeader_isReadAsItWas_andOnlyWhole() {
    StoreHeader header = new StoreHeader(ID, 64 << 20, "nfs.example.com:2049");
    byte[] bytes = header.bytes();
    assertEquals(header, StoreHeader.read(Unpooled.wrappedBuffer(bytes)));
    for (int length = 0; length < bytes.length; length++) {
      assertNull(StoreHeader.read(Unpooled.wrappedBuffer(bytes, 0, length)));
    }
    bytes[bytes.length - 1] ^= 1;
    assertNull(StoreHeader.read(Unpooled.wrappedBuffer(bytes)));
  }

  @Test
  void slots_haveRoomForEachLength_andWasteAThirdAtMost() {
    for (int blockBytes : new int[] {4096, 4097, 65_536, 131_072, 1 << 20}) {
      SlotSizes sizes = new SlotSizes(blockBytes);
      assertEquals(blockBytes, sizes.dataBytesMax());
      for (int length = 1; length <= blockBytes; length += 61) {
        int slot = sizes.slotBytes(length);
        assertTrue(slot >= BlockHeader.BYTES + length);
        assertTrue(Slab.isSlot(slot, DiskBounds.SLAB_BYTES));
        assertTrue(length < 1024 || slot <= length * 2 + BlockHeader.BYTES, length + " " + slot);
      }
    }
    assertEquals(4096 + 512, new SlotSizes(131_072).slotBytes(4096));
    assertEquals(131_072 + 4096, new SlotSizes(131_072).slotBytes(131_072));
  }
}
