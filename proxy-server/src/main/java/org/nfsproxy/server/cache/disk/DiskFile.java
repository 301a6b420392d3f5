package org.nfsproxy.server.cache.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;

/** One version of a file, and what of its data is on the disk. */
final class DiskFile {
  /** The most blocks for one range: a READ of 1 MiB that was kept in pages has 256. */
  private static final int PIECES_MAX = 512;

  final FileKey key;
  final FileVersion version;

  /**
   * The number of the write that told of it last. Used while the tables are read, by one thread.
   */
  long sequence;

  private final ConcurrentSkipListMap<Long, DiskBlock> blocks = new ConcurrentSkipListMap<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean isGone;

  DiskFile(FileKey key, FileVersion version) {
    this.key = key;
    this.version = version;
  }

  /** Says that another version has been told, or that it is forgotten. */
  void leave() {
    isGone = true;
  }

  boolean isGone() {
    return isGone;
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  /** Says that bytes of it wait to be written, or that some no longer do. */
  void waits(int change) {
    waiting.addAndGet(change);
  }

  /** Whether nothing is there, and nothing will be. */
  boolean isOfNoUse() {
    return blocks.isEmpty() && waiting.get() == 0;
  }

  /** Adds a block, in the place of one that begins where it does. */
  void put(DiskBlock block) {
    blocks.put(block.offset, block);
  }

  void remove(DiskBlock block) {
    blocks.remove(block.offset, block);
  }

  List<DiskBlock> blocks() {
    return List.copyOf(blocks.values());
  }

  /** Whether so many bytes from an offset on are there. */
  boolean has(long offset, int length) {
    return covering(offset, offset + length) != null;
  }

  /**
   * What covers a range.
   *
   * @return blocks in order, each reaching at least to the next; null if something is missing
   */
  @Nullable List<DiskBlock> covering(long from, long to) {
    List<DiskBlock> found = new ArrayList<>(8);
    long at = from;
    while (at < to) {
      Map.Entry<Long, DiskBlock> before = blocks.floorEntry(at);
      if (before == null || before.getValue().end() <= at || found.size() == PIECES_MAX) {
        return null;
      }
      found.add(before.getValue());
      at = before.getValue().end();
    }
    return found;
  }
}
