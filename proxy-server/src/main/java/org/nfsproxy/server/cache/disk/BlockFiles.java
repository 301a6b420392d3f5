package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes blocks, and reads them back if they are what was written. */
// One write for a block and its header, header first, so that a process that is killed in the midst
// of it leaves the new header with old data behind it and not the other way round. A power cut may
// leave any mixture; the sum of both tells that.
//
// Nothing is forced to the disk: what is lost so is fetched again.
final class BlockFiles {
  private final ByteBufAllocator alloc;

  BlockFiles(ByteBufAllocator alloc) {
    this.alloc = alloc;
  }

  /**
   * Writes a block, and its row in the table.
   *
   * @param bytes its data; stays the caller's
   */
  void write(DiskBlock block, StoreId id, long sequence, ByteBuf bytes) throws IOException {
    ByteBuf buffer = alloc.directBuffer(BlockHeader.BYTES + block.length);
    try {
      buffer.setBytes(BlockHeader.BYTES, bytes, bytes.readerIndex(), block.length);
      new BlockHeader(
              id,
              sequence,
              block.slab.number,
              block.slot,
              block.file.key,
              block.file.version,
              block.offset,
              block.length)
          .write(buffer, 0);
      block.slab.file.write(buffer.nioBuffer(0, BlockHeader.BYTES + block.length), block.at);
      block.slab.file.write(buffer.nioBuffer(0, BlockHeader.BYTES), Slab.rowAt(block.slot));
    } finally {
      buffer.release();
    }
  }

  /**
   * Reads a block.
   *
   * @return its data, the caller's; null if they are not what was written for it
   */
  @Nullable ByteBuf read(DiskBlock block, StoreId id) throws IOException {
    int all = BlockHeader.BYTES + block.length;
    ByteBuf buffer = alloc.directBuffer(all);
    try {
      boolean isWhole = block.slab.file.read(buffer.nioBuffer(0, all), block.at) == all;
      BlockHeader found = isWhole ? BlockHeader.read(buffer, 0) : null;
      if (found != null && found.isOf(block, id) && found.goesWithData(buffer, 0)) {
        return buffer.setIndex(BlockHeader.BYTES, all).retain();
      }
      return null;
    } finally {
      buffer.release();
    }
  }

  /** Reads from a slab until a buffer is full or the slab ends; what is not there is zeros. */
  static ByteBuf read(SlabFile file, long at, int length) throws IOException {
    ByteBuf buffer = Unpooled.buffer(length, length).setZero(0, length);
    file.read(buffer.nioBuffer(0, length), at);
    return buffer.writerIndex(length);
  }
}
