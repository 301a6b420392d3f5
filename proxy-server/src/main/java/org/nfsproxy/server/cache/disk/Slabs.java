package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which places of the disk are free. One thread at a time takes places; all give them back.
 *
 * <p>No file is touched under the lock.
 */
// Each slab has slots of one size. A block gets a free slot of its size; if there is none, a new
// slab; if there may be no more, the slab with the fewest bytes in it, which is emptied. That
// happens where the mix of sizes changes, since as a rule as many blocks of a size are evicted as
// come.
final class Slabs {
  private final SlabFolder folder;
  private final DiskBounds bounds;
  private final Map<Integer, Slab> slabs = new TreeMap<>();
  private final Map<Integer, Set<Slab>> withRoom = new HashMap<>();
  private StoreId id = StoreId.random();
  private long heldBytes;

  Slabs(SlabFolder folder, DiskBounds bounds) {
    this.folder = folder;
    this.bounds = bounds;
  }

  /** What is written into each block. */
  synchronized StoreId id() {
    return id;
  }

  /** Begins to use what is there under a name. */
  synchronized void use(StoreId found) {
    id = found;
  }

  /** Bytes that blocks take. */
  synchronized long heldBytes() {
    return heldBytes;
  }

  /**
   * Finds a place for a block.
   *
   * @param slotBytes how long it must be
   * @param evict forgets a block, which then gives its place back
   * @return the block, which nobody else knows yet; null if there is no room
   */
  @Nullable DiskBlock take(
      DiskFile file, long offset, int length, int slotBytes, Consumer<DiskBlock> evict)
      throws IOException {
    DiskBlock block = takeFree(file, offset, length, slotBytes);
    if (block != null) {
      return block;
    }
    Slab slab = slabs.size() < bounds.slabsMax() ? made() : emptied(evict);
    if (slab == null) {
      return null;
    }
    begin(slab, slotBytes);
    return takeFree(file, offset, length, slotBytes);
  }

  private synchronized @Nullable DiskBlock takeFree(
      DiskFile file, long offset, int length, int slotBytes) {
    Set<Slab> having = having(slotBytes);
    if (having.isEmpty()) {
      return null;
    }
    Slab slab = having.iterator().next();
    DiskBlock block = slab.take(file, offset, length);
    heldBytes += slab.cost();
    if (slab.isFull()) {
      having.remove(slab);
    }
    return block;
  }

  private Slab made() throws IOException {
    int number = slabs.size();
    for (int free = 0; slabs.containsKey(number); free++) {
      number = free;
    }
    Slab slab = new Slab(number, folder.open(number));
    synchronized (this) {
      slabs.put(number, slab);
    }
    return slab;
  }

  // Each block is told at once that its place is not its own, whoever is about to give it back.
  private @Nullable Slab emptied(Consumer<DiskBlock> evict) {
    Slab slab;
    List<DiskBlock> blocks;
    synchronized (this) {
      slab = slabs.values().stream().min(Comparator.comparingLong(Slab::liveBytes)).orElse(null);
      if (slab == null) {
        return null;
      }
      blocks = slab.blocks();
      blocks.forEach(DiskBlock::leave);
    }
    blocks.forEach(evict);
    return slab;
  }

  private void begin(Slab slab, int slotBytes) throws IOException {
    synchronized (this) {
      having(slab.slotBytes()).remove(slab);
      heldBytes -= slab.liveBytes();
      slab.begin(slotBytes, bounds.slabBytes());
    }
    slab.file.empty();
    ByteBuf header = Unpooled.buffer(SlabHeader.BYTES);
    new SlabHeader(id(), slab.number, slotBytes).write(header, 0);
    slab.file.write(header.nioBuffer(0, SlabHeader.BYTES), 0);
    offerRoom(slab);
  }

  /** Takes a slab as one with such slots, of which nothing is known. */
  synchronized void adopt(Slab slab, int slotBytes) {
    slab.begin(slotBytes, bounds.slabBytes());
    slabs.put(slab.number, slab);
  }

  /** Says that a slab that was adopted is read, and may be written. */
  synchronized void offerRoom(Slab slab) {
    if (!slab.isFull()) {
      having(slab.slotBytes()).add(slab);
    }
  }

  private Set<Slab> having(int slotBytes) {
    return withRoom.computeIfAbsent(slotBytes, size -> new LinkedHashSet<>());
  }

  /** Says which block a slot of a slab has that is being read. */
  synchronized DiskBlock put(Slab slab, int slot, DiskFile file, long offset, int length) {
    heldBytes += slab.cost();
    return slab.put(slot, file, offset, length);
  }

  /** Gives a block's place back. */
  synchronized void free(DiskBlock block) {
    block.leave();
    Slab slab = block.slab;
    boolean wasFull = slab.isFull();
    if (slab.remove(block)) {
      heldBytes -= slab.cost();
      if (wasFull) {
        having(slab.slotBytes()).add(slab);
      }
    }
  }

  /**
   * Makes all that is there worth nothing, also after a power cut. No block is known any more.
   *
   * @param origin whose data will be there
   */
  // The new header first: with it, what is left of the old slabs is nobody's.
  void renew(String origin) throws IOException {
    StoreId fresh = StoreId.random();
    folder.header(new StoreHeader(fresh, bounds.slabBytes(), origin).bytes());
    List<Slab> old;
    synchronized (this) {
      id = fresh;
      old = new ArrayList<>(slabs.values());
      slabs.clear();
      withRoom.clear();
      heldBytes = 0;
    }
    for (Slab slab : old) {
      slab.file.close();
    }
    for (int number : folder.numbers()) {
      folder.delete(number);
    }
  }

  /** Closes all files. */
  void close() throws IOException {
    List<Slab> open;
    synchronized (this) {
      open = new ArrayList<>(slabs.values());
    }
    for (Slab slab : open) {
      slab.file.close();
    }
    folder.close();
  }
}
