package org.nfsproxy.server.cache.disk;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cache.ExtentKey;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;

/** Which blocks of which files are on the disk, and which of them are worth their place. */
// Admission and eviction are Caffeine's, as in memory. A block weighs what it takes of the disk,
// and at least a share of all that is one in so many blocks as there may be: so one weight keeps
// both bounds.
final class DiskIndex {
  /** What is free on a full disk, for blocks that are as long as those that come next. */
  private static final int SLACK_SHARE = 16;

  private final Map<FileKey, DiskFile> files = new ConcurrentHashMap<>();
  private final Cache<ExtentKey, DiskBlock> blocks;
  private final Consumer<DiskBlock> free;
  private final DiskCounts counts;
  private final long roomBytes;
  private final int least;

  /**
   * Nothing.
   *
   * @param free gives a block's place back; waits for nothing
   */
  DiskIndex(DiskBounds bounds, Consumer<DiskBlock> free, DiskCounts counts) {
    this.free = free;
    this.counts = counts;
    long all = (long) bounds.slabsMax() * bounds.slabBytes();
    this.roomBytes = all - all / SLACK_SHARE;
    this.least = (int) Math.min(Integer.MAX_VALUE, all / bounds.blocksMax());
    this.blocks =
        Caffeine.newBuilder()
            .maximumWeight(roomBytes)
            .weigher((ExtentKey key, DiskBlock block) -> weight(block.slab.cost()))
            .executor(Runnable::run)
            .removalListener(
                (@Nullable ExtentKey key, @Nullable DiskBlock block, RemovalCause cause) ->
                    removed(block, cause))
            .build();
  }

  /** What blocks may weigh together. */
  long roomBytes() {
    return roomBytes;
  }

  /** What a block weighs that takes so much of the disk. */
  int weight(int cost) {
    return Math.max(least, cost);
  }

  private void removed(@Nullable DiskBlock block, RemovalCause cause) {
    if (block == null) {
      return;
    }
    DiskFile file = block.file;
    file.remove(block);
    free.accept(block);
    leaveIfOfNoUse(file);
    if (cause == RemovalCause.SIZE) {
      counts.evictedBytes.add(block.length);
    }
  }

  /** What is known of a file; null if nothing is. */
  @Nullable DiskFile find(FileKey key) {
    return files.get(key);
  }

  /**
   * The version of a file of which a block will be put.
   *
   * @param left takes another version that was known
   */
  DiskFile file(FileKey key, FileVersion version, Consumer<DiskFile> left) {
    DiskFile known = files.get(key);
    if (known != null && known.version.equals(version)) {
      return known;
    }
    DiskFile made = new DiskFile(key, version);
    DiskFile old = files.put(key, made);
    if (old != null) {
      old.leave();
      left.accept(old);
    }
    return made;
  }

  /** The same of a block that was found; null if a later write told of another version. */
  @Nullable DiskFile foundFile(FileKey key, FileVersion version, long sequence) {
    DiskFile known = files.get(key);
    if (known != null && known.sequence > sequence && !known.version.equals(version)) {
      return null;
    }
    DiskFile file = file(key, version, this::drop);
    file.sequence = Math.max(file.sequence, sequence);
    return file;
  }

  /** Adds a block that can be read. */
  void put(DiskBlock block) {
    block.file.put(block);
    blocks.put(block.key(), block);
    if (block.file.isGone()) {
      remove(block);
    }
  }

  /** Whether a block is still there; counts as a use of it. */
  boolean uses(DiskBlock block) {
    return blocks.getIfPresent(block.key()) == block;
  }

  /** Takes a block out. */
  void remove(DiskBlock block) {
    blocks.asMap().remove(block.key(), block);
  }

  /**
   * Takes a file out, whose blocks are of no use from now on. They take their room until {@link
   * #drop}.
   *
   * @return it; null if nothing is known of it
   */
  @Nullable DiskFile forget(FileKey key) {
    DiskFile file = files.remove(key);
    if (file != null) {
      file.leave();
    }
    return file;
  }

  /** Takes out a file's blocks. */
  void drop(DiskFile file) {
    file.leave();
    file.blocks().forEach(this::remove);
  }

  /** Takes out a file without blocks, as when none came to be written. */
  void leaveIfOfNoUse(DiskFile file) {
    if (file.isOfNoUse() && files.remove(file.key, file)) {
      file.leave();
    }
  }

  /** Takes out all. */
  void clear() {
    files.values().forEach(DiskFile::leave);
    files.clear();
    blocks.invalidateAll();
  }

  /** Catches up with what is to be evicted. */
  void settle() {
    blocks.cleanUp();
  }

  /** How many blocks there are. */
  long size() {
    return blocks.estimatedSize();
  }
}
