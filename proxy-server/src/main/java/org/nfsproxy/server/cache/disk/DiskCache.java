package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.cache.Arrival;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data of files on a disk of this machine. For all threads; whoever asks never waits for the disk.
 *
 * <p>What it brings are whole blocks, which may begin before the range that was asked for, and end
 * behind it.
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
public final class DiskCache implements Source, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DiskCache.class);

  /** What something that waits takes beside its bytes. */
  private static final int WAITING_BYTES = 256;

  /** Longer than any block that another configuration has left. */
  private static final int BLOCK_BYTES_MAX = 1 << 20;

  private static final long STOP_MILLIS = 5_000;

  private enum State {
    READING,
    ON,
    OFF
  }

  private final SlabFolder folder;
  private final String where;
  private final String origin;
  private final DiskBounds bounds;
  private final SlotSizes sizes;
  private final DiskCounts counts = new DiskCounts();
  private final Slabs slabs;
  private final DiskIndex index;
  private final BlockFiles files = new BlockFiles(PooledByteBufAllocator.DEFAULT);
  private final DiskWork work;
  private final AtomicReference<State> state = new AtomicReference<>(State.READING);

  /** How often it was cleared, and how many of these are done. */
  private final AtomicInteger clears = new AtomicInteger();

  private volatile int cleared;
  private volatile boolean closing;

  /** Of the last write. Used by one thread at a time. */
  private long sequence;

  /**
   * A cache whose tables are yet to be read.
   *
   * @param folder taken over
   * @param where it is, for whoever reads the log
   */
  DiskCache(SlabFolder folder, String where, String origin, DiskBounds bounds) {
    this.folder = folder;
    this.where = where;
    this.origin = origin;
    this.bounds = bounds;
    this.sizes = new SlotSizes(bounds.blockBytes());
    this.slabs = new Slabs(folder, bounds);
    this.index = new DiskIndex(bounds, slabs::free, counts);
    this.work = new DiskWork(bounds.readsMax(), bounds.queueBytesMax());
    work.order(task(this::readTables));
  }

  /**
   * Opens a directory, and begins to read what is there.
   *
   * @param directory made if it is missing
   * @param origin whose data they are; what is there of another one is thrown away
   * @return the cache; the caller's
   * @throws IOException if the directory is none that only we can write, or another process has it
   */
  // Another origin may have the same filehandles for other files: a copy of its disk has. Emptied
  // and not refused, since nothing is lost that cannot be fetched, and whoever changes the origin
  // would otherwise have to come here too.
  public static DiskCache open(Path directory, String origin, DiskBounds bounds)
      throws IOException {
    DiskCache cache =
        new DiskCache(folder(directory, bounds), directory.toString(), origin, bounds);
    long began = System.nanoTime();
    cache.work.order(cache.task(() -> cache.tellWhatIsThere(System.nanoTime() - began)));
    cache.work.start(bounds.threads());
    return cache;
  }

  private void tellWhatIsThere(long nanos) {
    if (state.get() == State.ON) {
      log.info(
          "cache: {} has {} blocks of {} bytes in all, found in {} ms",
          where,
          index.size(),
          slabs.heldBytes(),
          nanos / 1_000_000);
    }
  }

  private static SlabFolder folder(Path directory, DiskBounds bounds) throws IOException {
    try {
      DirectoryFiles files = DirectoryFiles.open(directory);
      try {
        files.warnIfShort(bounds.bytesMax());
        return files;
      } catch (IOException failed) {
        files.close();
        throw failed;
      }
    } catch (UnfitDirectoryException unfit) {
      throw unfit;
    } catch (IOException failed) {
      return new FailedFolder(failed);
    }
  }

  private DiskTask task(Runnable run) {
    return new DiskTask() {
      @Override
      public void run() {
        run.run();
      }

      @Override
      public void drop() {}
    };
  }

  /** What is to be done, for who does it in a test. */
  DiskWork work() {
    return work;
  }

  private boolean isUsed() {
    return state.get() == State.ON && cleared == clears.get();
  }

  private void readTables() {
    try {
      StoreHeader header = StoreHeader.read(Unpooled.wrappedBuffer(folder.header()));
      boolean isOurs = header != null && header.slabBytes() == bounds.slabBytes();
      if (header == null || !isOurs || !header.origin().equals(origin)) {
        if (isOurs) {
          log.warn(
              "cache.directory: {} had data of the origin {}, and this one is {}: they are removed",
              where,
              header.origin(),
              origin);
        }
        slabs.renew(origin);
      } else {
        slabs.use(header.id());
      }
      int slotBytesMax = new SlotSizes(BLOCK_BYTES_MAX).slotBytes(BLOCK_BYTES_MAX);
      TableScan scan = new TableScan(folder, slabs, index, bounds, slotBytesMax, counts);
      scan.run(() -> !closing);
      sequence = scan.sequence();
      state.compareAndSet(State.READING, State.ON);
    } catch (IOException failed) {
      fail("its tables cannot be read", failed);
    }
  }

  @Override
  public @Nullable FileVersion version(FileKey key) {
    DiskFile file = isUsed() ? index.find(key) : null;
    return file == null || file.isEmpty() ? null : file.version;
  }

  @Override
  public boolean bring(FileKey key, FileVersion version, long from, long to, Arrival arrival) {
    if (!isUsed()) {
      return false;
    }
    int clear = clears.get();
    DiskFile file = index.find(key);
    List<DiskBlock> blocks =
        file == null || !file.version.equals(version) ? null : file.covering(from, to);
    if (blocks == null || !blocks.stream().allMatch(index::uses)) {
      return false;
    }
    boolean isTaken = work.read(new Bringing(blocks, clear, arrival));
    if (!isTaken) {
      counts.busy.increment();
    }
    return isTaken;
  }

  /** Blocks that somebody waits for. */
  private final class Bringing implements DiskTask {
    private final List<DiskBlock> blocks;
    private final int clear;
    private final Arrival arrival;

    Bringing(List<DiskBlock> blocks, int clear, Arrival arrival) {
      this.blocks = blocks;
      this.clear = clear;
      this.arrival = arrival;
    }

    @Override
    public void run() {
      try {
        for (DiskBlock block : blocks) {
          bring(block);
        }
      } finally {
        arrival.ended();
      }
    }

    @Override
    public void drop() {
      arrival.ended();
    }

    private void bring(DiskBlock block) {
      ByteBuf data = read(block);
      if (data != null) {
        try {
          if (clear == clears.get()) {
            arrival.arrived(block.offset, data);
          }
        } finally {
          data.release();
        }
      }
    }
  }

  private @Nullable ByteBuf read(DiskBlock block) {
    if (state.get() != State.ON) {
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

  @Override
  public void offer(FileKey key, FileVersion version, long offset, ByteBuf bytes) {
    int length = bytes.readableBytes();
    if (!isUsed()
        || length > sizes.dataBytesMax()
        || !BlockHeader.isRange(offset, length, version)) {
      return;
    }
    DiskFile file = index.file(key, version, this::dropLater);
    if (file.has(offset, length)) {
      return;
    }
    Keeping keeping = new Keeping(file, offset, bytes.retainedSlice(), clears.get());
    if (!work.write(keeping, length + (long) WAITING_BYTES)) {
      counts.droppedBytes.add(length);
      keeping.drop();
    }
  }

  /** Bytes that were offered. */
  private final class Keeping implements DiskTask {
    private final DiskFile file;
    private final long offset;
    private final ByteBuf bytes;
    private final int clear;

    Keeping(DiskFile file, long offset, ByteBuf bytes, int clear) {
      this.file = file;
      this.offset = offset;
      this.bytes = bytes;
      this.clear = clear;
    }

    @Override
    public void run() {
      try {
        if (isUsed() && clear == clears.get() && !file.isGone()) {
          keep();
        }
      } catch (IOException failed) {
        fail("it cannot be written", failed);
      } finally {
        drop();
      }
    }

    private void keep() throws IOException {
      int length = bytes.readableBytes();
      if (file.has(offset, length)) {
        return;
      }
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

    @Override
    public void drop() {
      bytes.release();
      index.leaveIfEmpty(file);
    }
  }

  @Override
  public void forget(FileKey key) {
    DiskFile file = index.forget(key);
    if (file != null) {
      dropLater(file);
    }
  }

  // There may be a million blocks of it.
  private void dropLater(DiskFile file) {
    if (!file.isEmpty()) {
      work.order(task(() -> index.drop(file)));
    }
  }

  // From the first moment on nothing is given back, and nothing taken; and what is being read is
  // given to nobody. That it does not come back with a restart takes the disk.
  @Override
  public void clear() {
    clears.incrementAndGet();
    work.order(task(this::renew));
  }

  private void renew() {
    int seen = clears.get();
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
    cleared = seen;
  }

  private void fail(String what, IOException failed) {
    if (state.getAndSet(State.OFF) != State.OFF && !closing) {
      log.error(
          "cache.directory: {}: {}: {}. Nothing is kept on disk until a restart, and all else goes"
              + " on. {}",
          where,
          what,
          failed.toString(),
          DiskCure.of(failed));
    }
    work.dropWrites();
    work.order(task(index::clear));
  }

  /** What is counted. */
  public List<Measure> measures() {
    return counts.measures(
        slabs.heldBytes(),
        bounds.bytesMax(),
        index.size(),
        work.writeBytes(),
        state.get().ordinal());
  }

  /** Ends it. Blocks, for some seconds at most; what waits to be written is dropped. */
  @Override
  public void close() throws IOException {
    closing = true;
    state.set(State.OFF);
    work.stop(STOP_MILLIS);
    slabs.close();
  }
}
