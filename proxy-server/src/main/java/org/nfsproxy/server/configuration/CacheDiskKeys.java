package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.int64;
import static org.nfsproxy.configuration.Key.text;

import java.util.List;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;

/** The keys of {@code cache} that are about its disk. */
final class CacheDiskKeys {
  /** Less has no room for slabs of each size. */
  static final long BYTES_LEAST = 1L << 30;

  static final Key<String> DIRECTORY =
      text(
          "cache.directory",
          "",
          TextForm.ABSOLUTE_PATH.orEmpty(),
          "A folder on a disk of this machine where what is kept in memory is written too, to be"
              + " brought back when memory no longer has it, also after a restart:"
              + " docs/guide/cache.md#on-disk. It is made if it is missing, must"
              + " belong to the proxy's user with nobody else allowed to write, and is used by one"
              + " process alone. Data lie there in the clear. Empty is none.",
          "Only the administrator knows of a disk that has room, and whether data may lie on it.");

  static final Key<Long> DISK_BYTES_MAX =
      int64(
          "cache.diskBytesMax",
          0,
          0,
          1L << 44,
          "How much of that disk is used, 1073741824 or more; needed with `cache.directory`. When it"
              + " is lowered, what is beyond it is removed at the next start.",
          "There is no right one: what the disk has room for, and less than what is free.");

  static final Key<Integer> DISK_BLOCKS_MAX =
      int32(
          "cache.diskBlocksMax",
          1 << 20,
          1 << 14,
          1 << 28,
          "How many pieces may be on it. Some 250 bytes of Java's heap for each.",
          "With pieces of 128 KiB, 128 GiB of disk and 256 MiB of heap.");

  static final Key<Long> DISK_QUEUE_BYTES_MAX =
      int64(
          "cache.diskQueueBytesMax",
          64L << 20,
          2L << 20,
          1L << 34,
          "Memory for data that wait to be written. Beyond it they are not kept on disk, and counted."
              + " They are a part of `cache.memoryBytesMax`, a quarter of it at most.",
          "A fifth of a second of a disk that writes 300 MB a second.");

  static final Key<Integer> DISK_READS_MAX =
      int32(
          "cache.diskReadsMax",
          256,
          1,
          65_536,
          "READs that may wait for the disk, of one client as many as there are places left. Beyond"
              + " it the origin is asked for the data. Clients take turns.",
          "A disk that reads 100 MB a second brings as many of 128 KiB in a third of a second.");

  static final Key<Integer> DISK_THREADS =
      int32(
          "cache.diskThreads",
          4,
          2,
          64,
          "How many threads read and write there, one of them at a time for writing.",
          "What an SSD of SATA needs to be busy.");

  static final List<Key<?>> ALL =
      List.of(
          DIRECTORY,
          DISK_BYTES_MAX,
          DISK_BLOCKS_MAX,
          DISK_QUEUE_BYTES_MAX,
          DISK_READS_MAX,
          DISK_THREADS);

  private CacheDiskKeys() {}
}
