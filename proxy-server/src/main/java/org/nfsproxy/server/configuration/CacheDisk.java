package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * The disk of the cache.
 *
 * @param directory where it is; empty for none
 * @param bytesMax how much of the disk is used
 * @param blocksMax how many pieces may be there
 * @param queueBytesMax memory for what waits to be written
 * @param readsMax READs that may wait for it
 * @param threads how many read and write
 */
public record CacheDisk(
    String directory, long bytesMax, int blocksMax, long queueBytesMax, int readsMax, int threads) {
  static CacheDisk read(Section section) {
    CacheDisk disk =
        new CacheDisk(
            CacheDiskKeys.DIRECTORY.in(section),
            CacheDiskKeys.DISK_BYTES_MAX.in(section),
            CacheDiskKeys.DISK_BLOCKS_MAX.in(section),
            CacheDiskKeys.DISK_QUEUE_BYTES_MAX.in(section),
            CacheDiskKeys.DISK_READS_MAX.in(section),
            CacheDiskKeys.DISK_THREADS.in(section));
    if (disk.isOn()
        && disk.bytesMax < CacheDiskKeys.BYTES_LEAST
        && !section.isReported(CacheDiskKeys.DISK_BYTES_MAX.name())) {
      section.report(
          CacheDiskKeys.DISK_BYTES_MAX.name(),
          Long.toString(disk.bytesMax),
          "%d or more, as much as may be used of the disk of cache.directory"
              .formatted(CacheDiskKeys.BYTES_LEAST));
    }
    return disk;
  }

  /**
   * Memory for what waits to be written, beside what the cache needs for all else.
   *
   * @param memoryBytesMax what it has in all
   */
  // A quarter is for what came last, which makes room: a disk that hangs holds no more than that.
  public long queueBytesIn(long memoryBytesMax) {
    return Math.min(queueBytesMax, memoryBytesMax / 4);
  }

  /**
   * Whether there is one.
   *
   * @return false without a directory
   */
  public boolean isOn() {
    return !directory.isEmpty();
  }
}
