package org.nfsproxy.backend.coordinated.memory;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * The contents of a file: blocks where something was written, holes elsewhere. A hole reads as
 * zeros and occupies nothing.
 */
final class SparseBytes {
  /** As most filesystems on disk have it; a file of one byte costs no more. */
  static final int BLOCK_BYTES = 4096;

  /** What a block is charged with: itself, and its place in the map. */
  private static final int BLOCK_CHARGED_BYTES = BLOCK_BYTES + 100;

  private final TreeMap<Long, byte[]> blocks = new TreeMap<>();
  private long size;

  long size() {
    return size;
  }

  /** Bytes that blocks occupy. */
  long used() {
    return (long) blocks.size() * BLOCK_BYTES;
  }

  /** Bytes charged to the filesystem. */
  long charged() {
    return (long) blocks.size() * BLOCK_CHARGED_BYTES;
  }

  /** Bytes that new blocks of a write would be charged with. */
  long needed(long offset, int length) {
    if (length == 0) {
      return 0;
    }
    long first = offset / BLOCK_BYTES;
    long last = (offset + length - 1) / BLOCK_BYTES;
    long there = blocks.subMap(first, true, last, true).size();
    return (last - first + 1 - there) * BLOCK_CHARGED_BYTES;
  }

  void write(long offset, ByteBuf bytes) {
    long at = offset;
    while (bytes.isReadable()) {
      int from = (int) (at % BLOCK_BYTES);
      int length = Math.min(BLOCK_BYTES - from, bytes.readableBytes());
      byte[] block = blocks.computeIfAbsent(at / BLOCK_BYTES, absent -> new byte[BLOCK_BYTES]);
      bytes.readBytes(block, from, length);
      at += length;
    }
    size = Math.max(size, at);
  }

  void read(long offset, int count, ByteBuf into) {
    long at = offset;
    long end = Math.min(size, offset + count);
    into.ensureWritable((int) (end - at));
    while (at < end) {
      int from = (int) (at % BLOCK_BYTES);
      int length = (int) Math.min(BLOCK_BYTES - from, end - at);
      byte[] block = blocks.get(at / BLOCK_BYTES);
      if (block == null) {
        into.writeZero(length);
      } else {
        into.writeBytes(block, from, length);
      }
      at += length;
    }
  }

  /** Cuts the end off, or adds a hole. */
  void resize(long newSize) {
    if (newSize < size) {
      long firstBeyond = (newSize + BLOCK_BYTES - 1) / BLOCK_BYTES;
      blocks.tailMap(firstBeyond, true).clear();
      byte[] last = blocks.get(newSize / BLOCK_BYTES);
      if (last != null) {
        Arrays.fill(last, (int) (newSize % BLOCK_BYTES), BLOCK_BYTES, (byte) 0);
      }
    }
    size = newSize;
  }
}
