package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Reads the slabs' tables when a proxy starts, and says which blocks are there. */
// A row says where a block should be. Whether it is there, and whole, is found out when somebody
// wants it.
final class TableScan {
  /** How much of a table is read at once. */
  private static final int ROWS = 1024;

  private final SlabFolder folder;
  private final Slabs slabs;
  private final DiskIndex index;
  private final DiskBounds bounds;
  private final int slotBytesMax;
  private final DiskCounts counts;
  private long sequence;

  TableScan(
      SlabFolder folder,
      Slabs slabs,
      DiskIndex index,
      DiskBounds bounds,
      int slotBytesMax,
      DiskCounts counts) {
    this.folder = folder;
    this.slabs = slabs;
    this.index = index;
    this.bounds = bounds;
    this.slotBytesMax = slotBytesMax;
    this.counts = counts;
  }

  /** The highest number of a write that was found. */
  long sequence() {
    return sequence;
  }

  /**
   * Reads all.
   *
   * @param goesOn asked before each slab
   */
  void run(BooleanSupplier goesOn) throws IOException {
    for (int number : folder.numbers()) {
      if (!goesOn.getAsBoolean()) {
        return;
      }
      if (number < bounds.slabsMax()) {
        read(new Slab(number, folder.open(number)));
      } else {
        folder.delete(number);
      }
    }
  }

  private void read(Slab slab) throws IOException {
    SlabHeader header = SlabHeader.read(BlockFiles.read(slab.file, 0, SlabHeader.BYTES), 0);
    if (header == null || !isOurs(header, slab)) {
      slabs.adopt(slab, slotBytesMax); // with nothing in it, nor room, until it is begun
      return;
    }
    slabs.adopt(slab, header.slotBytes());
    readRows(slab);
    slabs.offerRoom(slab);
  }

  private boolean isOurs(SlabHeader header, Slab slab) {
    return header.id().equals(slabs.id())
        && header.number() == slab.number
        && header.slotBytes() <= slotBytesMax
        && Slab.isSlot(header.slotBytes(), bounds.slabBytes());
  }

  private void readRows(Slab slab) throws IOException {
    for (int slot = 0; slot < slab.slots(); slot += ROWS) {
      int rows = Math.min(ROWS, slab.slots() - slot);
      ByteBuf table = BlockFiles.read(slab.file, Slab.rowAt(slot), rows * BlockHeader.BYTES);
      for (int i = 0; i < rows; i++) {
        readRow(slab, slot + i, table, i * BlockHeader.BYTES);
      }
    }
  }

  private void readRow(Slab slab, int slot, ByteBuf table, int at) {
    BlockHeader row = BlockHeader.read(table, at);
    if (row == null) {
      if (table.getLong(at) != 0) {
        counts.damaged.increment();
      }
      return;
    }
    boolean isHere =
        row.id().equals(slabs.id())
            && row.slab() == slab.number
            && row.slot() == slot
            && row.length() <= slab.slotBytes() - BlockHeader.BYTES;
    if (!isHere) {
      counts.damaged.increment();
      return;
    }
    sequence = Math.max(sequence, row.sequence());
    DiskFile file = index.foundFile(row.key(), row.version(), row.sequence());
    if (file != null && !file.has(row.offset(), row.length())) {
      index.put(slabs.put(slab, slot, file, row.offset(), row.length()));
    }
  }
}
