package org.nfsproxy.server.cache.disk;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.nfsproxy.backend.Measure;

/** What was done with blocks. */
final class DiskCounts {
  final LongAdder hits = new LongAdder();
  final LongAdder readBytes = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder damaged = new LongAdder();
  final LongAdder busy = new LongAdder();
  final LongAdder writtenBytes = new LongAdder();
  final LongAdder droppedBytes = new LongAdder();
  final LongAdder evictedBytes = new LongAdder();

  /**
   * What is counted, and how things are.
   *
   * @param waitingBytes that are to be written
   * @param state 0 while the tables are read, 1 as it should be, 2 after a failure
   */
  List<Measure> measures(long heldBytes, long bytesMax, long blocks, long waitingBytes, int state) {
    return List.of(
        measure("hits_total", "Blocks that were read from the disk, and were right.", hits),
        measure("read_bytes_total", "Bytes of data that they had.", readBytes),
        measure(
            "lost_total",
            "Blocks whose place was given to others when they were to be read, or while they were.",
            lost),
        measure(
            "damaged_total",
            "Blocks, and rows of tables, that were not what was written. Some after a power cut;"
                + " more are a fault of the disk.",
            damaged),
        measure(
            "busy_total",
            "READs whose data are on the disk, and that the origin was asked for because too many"
                + " waited for the disk: cache.diskReadsMax.",
            busy),
        measure("written_bytes_total", "Bytes of data that were put there.", writtenBytes),
        measure(
            "dropped_bytes_total",
            "Bytes that were not, because too many waited to be: cache.diskQueueBytesMax.",
            droppedBytes),
        measure("evicted_bytes_total", "Bytes that others took the place of.", evictedBytes),
        Measure.of("cache_disk_waiting_bytes", "Bytes that wait to be written.", waitingBytes),
        Measure.of("cache_disk_held_bytes", "What blocks take of the disk now.", heldBytes),
        Measure.of("cache_disk_held_bytes_max", "How long all slabs may become.", bytesMax),
        Measure.of("cache_disk_blocks", "Blocks that are there.", blocks),
        Measure.of(
            "cache_disk_state",
            "0 while it is read what is there, 1 when it is used, 2 when it has failed: the log"
                + " says why.",
            state));
  }

  private static Measure measure(String name, String help, LongAdder value) {
    return Measure.of("cache_disk_" + name, help, value.sum());
  }
}
