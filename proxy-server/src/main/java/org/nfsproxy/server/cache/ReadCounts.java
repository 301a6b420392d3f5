package org.nfsproxy.server.cache;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.nfsproxy.backend.Measure;

/** What READs came to that the cache had to do with. */
final class ReadCounts {
  final LongAdder hits = new LongAdder();
  final LongAdder hitBytes = new LongAdder();
  final LongAdder hitNanos = new LongAdder();
  final LongAdder misses = new LongAdder();
  final LongAdder missBytes = new LongAdder();
  final LongAdder missNanos = new LongAdder();
  final LongAdder waited = new LongAdder();
  final LongAdder aheadBytes = new LongAdder();
  final LongAdder changed = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder replayed = new LongAdder();
  final LongAdder unsettled = new LongAdder();
  final LongAdder keptBytes = new LongAdder();
  final LongAdder full = new LongAdder();
  final LongAdder evictedBytes = new LongAdder();
  final LongAdder copiedBytes = new LongAdder();
  final LongAdder damaged = new LongAdder();

  private static final double NANOS = 1e9;

  List<Measure> measures(long heldBytes, long heldBytesMax, long files) {
    return List.of(
        measure("hits_total", "READs answered with data that were here.", hits),
        measure("hit_bytes_total", "Bytes that the origin did not have to send.", hitBytes),
        seconds("hit_seconds_total", "Time that READs took that were answered so.", hitNanos),
        measure("misses_total", "READs answered with data that the origin sent.", misses),
        measure("miss_bytes_total", "Bytes that it sent for them.", missBytes),
        seconds("miss_seconds_total", "Time that these READs took.", missNanos),
        measure(
            "waited_total",
            "Replies to READs of one byte that waited for data that others fetched.",
            waited),
        measure(
            "ahead_bytes_total",
            "Bytes that the origin sent to the proxy itself, before a client asked for them.",
            aheadBytes),
        measure(
            "changed_total",
            "READs of one byte whose reply told another version: the client got that byte, and asks"
                + " for the rest.",
            changed),
        measure(
            "lost_total",
            "READs of one byte whose data had gone when the reply came. Many of them: the cache is"
                + " too small.",
            lost),
        measure(
            "refused_total",
            "READs of one byte that the origin refused, or whose version it did not tell.",
            refused),
        measure(
            "replayed_total",
            "READs to which the origin sent its reply to another call again, or a reply without the"
                + " call's tag: they passed as they were.",
            replayed),
        measure(
            "unsettled_bytes_total",
            "Bytes that were not kept because their version had not been known for long enough.",
            unsettled),
        measure("kept_bytes_total", "Bytes that were put here.", keptBytes),
        measure("full_bytes_total", "Bytes that were not kept for want of memory.", full),
        measure("evicted_bytes_total", "Bytes that others took the place of.", evictedBytes),
        measure(
            "copied_bytes_total",
            "Bytes that were copied for whoever was sent them: of small parts, and of all while much"
                + " was on its way.",
            copiedBytes),
        measure(
            "damaged_total",
            "Pieces whose sum was wrong, and that were not sent. More than none is a fault of this"
                + " machine's memory, or ours.",
            damaged),
        Measure.of("cache_held_bytes", "Memory that data take now.", heldBytes),
        Measure.of("cache_held_bytes_max", "Memory that they may take.", heldBytesMax),
        Measure.of("cache_files", "Files whose version is known.", files));
  }

  private static Measure measure(String name, String help, LongAdder value) {
    return Measure.of("cache_" + name, help, value.sum());
  }

  private static Measure seconds(String name, String help, LongAdder nanos) {
    return Measure.of("cache_" + name, help, nanos.sum() / NANOS);
  }
}
