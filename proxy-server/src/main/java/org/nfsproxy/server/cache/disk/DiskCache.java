package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.cache.Arrival;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Source;

/**
 * Data of files on a disk of this machine. For all threads; whoever asks never waits for the disk.
 *
 * <p>What it brings are whole blocks, which may begin before the range that was asked for, and end
 * behind it.
 */
// Clearing it is done by the disk's threads, since there may be millions of blocks. From the first
// moment on nothing is given back, nothing taken, and what is being read is given to nobody.
public final class DiskCache implements Source, AutoCloseable {
  /** What something that waits takes beside its bytes. */
  private static final int WAITING_BYTES = 256;

  private static final long STOP_MILLIS = 5_000;

  private final DiskBounds bounds;
  private final DiskStore store;
  private final DiskWork work;

  /** How often it was to be cleared, and up to which of these it is. */
  private final AtomicInteger clears = new AtomicInteger();

  private volatile int cleared;

  /**
   * A cache whose tables are yet to be read, and whose work nobody does yet.
   *
   * @param folder taken over
   * @param where it is, for whoever reads the log
   */
  DiskCache(SlabFolder folder, String where, String origin, DiskBounds bounds) {
    this.bounds = bounds;
    this.store = new DiskStore(folder, where, origin, bounds);
    this.work = new DiskWork(bounds.readsMax(), bounds.queueBytesMax());
    order(() -> store.readTables(() -> store.state() == DiskStore.State.READING));
  }

  /**
   * Opens a directory, and begins to read what is there.
   *
   * @param directory made if it is missing
   * @param origin whose data they are; what is there of another one is thrown away
   * @return the cache; the caller's. Where the disk fails, one that has failed
   * @throws UnfitDirectoryException if the directory is none that only we can write, or another
   *     process has it
   */
  // Another origin may have the same filehandles for other files: a copy of its disk has. Emptied
  // and not refused, since nothing is lost that cannot be fetched, and whoever changes the origin
  // would otherwise have to come here too.
  public static DiskCache open(Path directory, String origin, DiskBounds bounds)
      throws UnfitDirectoryException {
    DiskCache cache =
        new DiskCache(folder(directory, bounds), directory.toString(), origin, bounds);
    long began = System.nanoTime();
    cache.order(() -> cache.store.tell(System.nanoTime() - began));
    cache.work.start(bounds.threads());
    return cache;
  }

  private static SlabFolder folder(Path directory, DiskBounds bounds)
      throws UnfitDirectoryException {
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

  /** What is to be done, for who does it in a test. */
  DiskWork work() {
    return work;
  }

  private boolean isUsed() {
    return store.isOn() && cleared == clears.get();
  }

  @Override
  public @Nullable FileVersion version(FileKey key) {
    DiskFile file = isUsed() ? store.index.find(key) : null;
    return file == null || file.isEmpty() ? null : file.version;
  }

  @Override
  public boolean has(FileKey key, FileVersion version, long from, long to) {
    return covering(key, version, from, to) != null;
  }

  @Override
  public long roomBytes() {
    return isUsed() ? store.index.roomBytes() : 0;
  }

  @Override
  public long needsBytes(long size) {
    return store.needsBytes(size);
  }

  private @Nullable List<DiskBlock> covering(FileKey key, FileVersion version, long from, long to) {
    DiskFile file = isUsed() ? store.index.find(key) : null;
    List<DiskBlock> blocks =
        file == null || !file.version.equals(version) ? null : file.covering(from, to);
    return blocks != null && blocks.stream().allMatch(store.index::uses) ? blocks : null;
  }

  @Override
  public boolean bring(Wanted wanted, Arrival arrival) {
    int clear = clears.get();
    List<DiskBlock> blocks = covering(wanted.key(), wanted.version(), wanted.from(), wanted.to());
    if (blocks == null) {
      return false;
    }
    boolean isTaken = work.read(wanted.asker(), new Bringing(blocks, clear, arrival));
    if (!isTaken) {
      store.counts.busy.increment();
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
        blocks.forEach(this::bring);
      } finally {
        arrival.ended();
      }
    }

    @Override
    public void drop() {
      arrival.ended();
    }

    private void bring(DiskBlock block) {
      ByteBuf data = store.read(block);
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

  @Override
  public void offer(FileKey key, FileVersion version, long offset, ByteBuf bytes) {
    int length = bytes.readableBytes();
    int clear = clears.get();
    if (!isUsed()
        || length > store.blockBytesMax()
        || !BlockHeader.isRange(offset, length, version)) {
      return;
    }
    DiskFile file = store.index.file(key, version, this::dropLater);
    if (file.has(offset, length)) {
      return;
    }
    Keeping keeping = new Keeping(file, offset, bytes.retainedSlice(), clear);
    if (!work.write(keeping, length + (long) WAITING_BYTES)) {
      store.counts.droppedBytes.add(length);
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
      file.waits(1);
    }

    @Override
    public void run() {
      try {
        if (clear == clears.get()) {
          store.keep(file, offset, bytes);
        }
      } finally {
        drop();
      }
    }

    @Override
    public void drop() {
      bytes.release();
      file.waits(-1);
      store.index.leaveIfOfNoUse(file);
    }
  }

  @Override
  public void forget(FileKey key) {
    DiskFile file = store.index.forget(key);
    if (file != null) {
      dropLater(file);
    }
  }

  private void dropLater(DiskFile file) {
    if (!file.isEmpty()) {
      order(() -> store.index.drop(file));
    }
  }

  @Override
  public void clear() {
    clears.incrementAndGet();
    order(
        () -> {
          int seen = clears.get();
          store.renew();
          cleared = seen;
        });
  }

  private void order(Runnable run) {
    work.order(
        new DiskTask() {
          @Override
          public void run() {
            run.run();
          }

          @Override
          public void drop() {}
        });
  }

  /** What is counted. */
  public List<Measure> measures() {
    return store.counts.measures(
        store.heldBytes(),
        bounds.bytesMax(),
        store.index.size(),
        work.writeBytes(),
        store.state().ordinal());
  }

  /** Ends it. Blocks, for some seconds at most; what waits to be written is dropped. */
  @Override
  public void close() throws IOException {
    store.turnOff();
    work.stop(STOP_MILLIS);
    store.close();
  }
}
