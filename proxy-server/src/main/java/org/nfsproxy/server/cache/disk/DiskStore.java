package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks on a disk: what the disk's threads do with them. All of it but {@link #read} is for one
 * thread at a time.
 */
// What was put for a version is given back for that version, byte for byte, or nothing is:
//
// 1. A block says of which file, version and range it is, in which slab and slot it was put, and in
//    which life of the directory. All that is compared, and so is a sum over it and the data. So
//    what was torn, cut, flipped, exchanged or brought here from elsewhere is a miss.
// 2. Before anything is written where a block is, the block is told so, and a read of it that is
//    under way asks at its end. So nobody gets another one's bytes that were made to have the sum.
// 3. Of two versions of a file that are found at the start, the one that was written later counts.
//    An older one may be found where the later is lost. It is of use only if the origin tells that
//    version, and then it is what that version means.
//
// A disk that fails once is not asked again until a restart: what it would cost is that each READ
// waits for it.
final class DiskStore {
  private static final Logger log = LoggerFactory.getLogger(DiskStore.class);

  /** The longest block that another configuration may have left. */
  private static final int BLOCK_BYTES_MAX = 1 << 20;

  /** How it is with it. */
  enum State {
    READING,
    ON,
    OFF
  }

  final DiskIndex index;
  final DiskCounts counts = new DiskCounts();
  private final SlabFolder folder;
  private final String where;
  private final String origin;
  private final DiskBounds bounds;
  private final SlotSizes sizes;
  private final Slabs slabs;
  private final BlockFiles files = new BlockFiles(PooledByteBufAllocator.DEFAULT);
  private volatile State state = State.READING;

  /** Of the last write. */
  private long sequence;

  /** One whose tables are yet to be read. */
  DiskStore(SlabFolder folder, String where, String origin, DiskBounds bounds) {
    this.folder = folder;
    this.where = where;
    this.origin = origin;
    this.bounds = bounds;
    this.sizes = new SlotSizes(bounds.blockBytes());
    this.slabs = new Slabs(folder, bounds);
    this.index = new DiskIndex(bounds, slabs::free, counts);
  }

  State state() {
    return state;
  }

  boolean isOn() {
    return state == State.ON;
  }

  int blockBytesMax() {
    return sizes.dataBytesMax();
  }

  long heldBytes() {
    return slabs.heldBytes();
  }

  /**
   * Finds out what is there, and goes on with it.
   *
   * @param goesOn false once nobody wants to know
   */
  void readTables(BooleanSupplier goesOn) {
    try {
      StoreHeader header = StoreHeader.read(Unpooled.wrappedBuffer(folder.header()));
      if (header == null || header.slabBytes() != bounds.slabBytes()) {
        slabs.renew(origin);
      } else if (!header.origin().equals(origin)) {
        log.warn(
            "cache.directory: {} had data of the origin {}, and this one is {}: they are removed",
            where,
            header.origin(),
            origin);
        slabs.renew(origin);
      } else {
        slabs.use(header.id());
      }
      int slotBytesMax = new SlotSizes(BLOCK_BYTES_MAX).slotBytes(BLOCK_BYTES_MAX);
      TableScan scan = new TableScan(folder, slabs, index, bounds, slotBytesMax, counts);
      scan.run(goesOn);
      sequence = scan.sequence();
      turnOn();
    } catch (IOException failed) {
      fail("it cannot be read", failed);
    } finally {
      if (!isOn()) {
        turnOff(); // also where a fault of ours has ended it
      }
    }
  }

  private synchronized void turnOn() {
    if (state == State.READING) {
      state = State.ON;
    }
  }

  /** Ends its use; false if it was not used any more. */
  synchronized boolean turnOff() {
    boolean wasUsed = state != State.OFF;
    state = State.OFF;
    return wasUsed;
  }

  /**
   * Reads a block. For several threads at once.
   *
   * @return its data, the caller's; null if they are not to be had
   */
  @Nullable ByteBuf read(DiskBlock block) {
    if (!isOn()) {
      return null;
    }
    ByteBuf data = null;
    try {
      data = files.read(block, slabs.id());
    } catch (IOException failed) {
      if (!block.isGone()) {
        fail("it cannot be read", failed);
        return null;
      }
    }
    if (block.isGone()) {
      counts.lost.increment();
      if (data != null) {
        data.release();
      }
      return null;
    }
    if (data == null) {
      counts.damaged.increment();
      index.remove(block);
      return null;
    }
    counts.hits.increment();
    counts.readBytes.add(block.length);
    return data;
  }

  /** What the blocks of a file of a size weigh, if they are as long as they may be. */
  long needsBytes(long size) {
    int rest = (int) (size % bounds.blockBytes());
    return size / bounds.blockBytes() * weight(bounds.blockBytes())
        + (rest == 0 ? 0 : weight(rest));
  }

  private long weight(int length) {
    return index.weight(sizes.slotBytes(length) + BlockHeader.BYTES);
  }

  /**
   * Writes bytes of a file's version, unless they are there.
   *
   * @param bytes stays the caller's
   */
  void keep(DiskFile file, long offset, ByteBuf bytes) {
    try {
      if (isOn() && !file.isGone() && !file.has(offset, bytes.readableBytes())) {
        write(file, offset, bytes);
      }
    } catch (IOException failed) {
      fail("it cannot be written", failed);
    }
  }

  private void write(DiskFile file, long offset, ByteBuf bytes) throws IOException {
    int length = bytes.readableBytes();
    index.settle();
    DiskBlock block = slabs.take(file, offset, length, sizes.slotBytes(length), index::remove);
    if (block == null) {
      counts.droppedBytes.add(length);
      return;
    }
    boolean isWritten = false;
    try {
      sequence++;
      files.write(block, slabs.id(), sequence, bytes);
      isWritten = true;
    } finally {
      if (!isWritten) {
        slabs.free(block);
      }
    }
    counts.writtenBytes.add(length);
    index.put(block);
  }

  /** Forgets all, also over a restart. */
  void renew() {
    index.clear();
    try {
      slabs.renew(origin);
    } catch (IOException failed) {
      log.error(
          "cache.directory: {} cannot be emptied: {}. What is there may be used after a restart:"
              + " remove its files before",
          where,
          failed.toString());
      fail("it cannot be emptied", failed);
    }
  }

  private void fail(String what, IOException failed) {
    if (turnOff()) {
      log.error(
          "cache.directory: {}: {}: {}. Nothing is kept on disk until a restart, and all else goes"
              + " on. {}",
          where,
          what,
          failed.toString(),
          DiskCure.of(failed));
      index.clear();
    }
  }

  /** Says how much was found. */
  void tell(long nanos) {
    if (isOn()) {
      log.info(
          "cache: {} has {} blocks of {} bytes in all, found in {} ms",
          where,
          index.size(),
          heldBytes(),
          nanos / 1_000_000);
    }
  }

  /** Closes its files. */
  void close() throws IOException {
    slabs.close();
  }
}
