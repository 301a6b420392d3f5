package org.nfsproxy.server.cache.disk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file with slots of one size, and which block each of them has. Guarded by {@link Slabs}.
 *
 * <pre>
 *  0        512                    a multiple of 4096
 *  +--------+------+------+- - - -+---------------+---------------+- - -
 *  | header | row  | row  |       | header | data | header | data |
 *  +--------+------+------+- - - -+---------------+---------------+- - -
 *             table, a row a slot   slots
 * </pre>
 */
// The table is there so that a start reads some hundred KiB of each slab, one behind the other, and
// not a header here and there. It is believed as far as to where a block is looked for.
final class Slab {
  /** The shortest slot, and what all are multiples of. */
  private static final int UNIT = 512;

  private static final int PAGE = 4096;

  final int number;
  final SlabFile file;
  private int slotBytes;
  private @Nullable DiskBlock[] blocks = new DiskBlock[0];
  private long slotsAt;
  private int live;
  private int nextFree;

  Slab(int number, SlabFile file) {
    this.number = number;
    this.file = file;
  }

  /** Whether slots can be so long in a slab that is. */
  static boolean isSlot(int slotBytes, int slabBytes) {
    return slotBytes > BlockHeader.BYTES
        && slotBytes % UNIT == 0
        && slots(slotBytes, slabBytes) > 0;
  }

  private static int slots(int slotBytes, int slabBytes) {
    return Math.max(0, slabBytes - SlabHeader.BYTES - PAGE) / (slotBytes + BlockHeader.BYTES);
  }

  /** Begins anew, with slots of a length and nothing in them. */
  void begin(int slotBytes, int slabBytes) {
    this.slotBytes = slotBytes;
    blocks = new DiskBlock[slots(slotBytes, slabBytes)];
    long tableEnd = rowAt(blocks.length);
    slotsAt = (tableEnd + PAGE - 1) / PAGE * PAGE;
    live = 0;
    nextFree = 0;
  }

  int slotBytes() {
    return slotBytes;
  }

  int slots() {
    return blocks.length;
  }

  /** Bytes that blocks take. */
  long liveBytes() {
    return (long) live * cost();
  }

  /** What one of them takes, its row included. */
  int cost() {
    return slotBytes + BlockHeader.BYTES;
  }

  boolean isFull() {
    return live == blocks.length;
  }

  static long rowAt(int slot) {
    return SlabHeader.BYTES + (long) slot * BlockHeader.BYTES;
  }

  /** Puts a block where nothing is. */
  DiskBlock take(DiskFile file, long offset, int length) {
    while (blocks[nextFree] != null) {
      nextFree++;
    }
    return put(nextFree, file, offset, length);
  }

  /** Puts a block into a slot. */
  DiskBlock put(int slot, DiskFile file, long offset, int length) {
    DiskBlock block =
        new DiskBlock(file, this, slot, slotsAt + (long) slot * slotBytes, offset, length);
    blocks[slot] = block;
    live++;
    return block;
  }

  /** Takes a block out; false if it is not there any more. */
  boolean remove(DiskBlock block) {
    if (block.slot >= blocks.length || blocks[block.slot] != block) {
      return false;
    }
    blocks[block.slot] = null;
    nextFree = Math.min(nextFree, block.slot);
    live--;
    return true;
  }

  List<DiskBlock> blocks() {
    List<DiskBlock> all = new ArrayList<>(live);
    for (DiskBlock block : blocks) {
      if (block != null) {
        all.add(block);
      }
    }
    return all;
  }
}
