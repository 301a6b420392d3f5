package org.nfsproxy.server.cache.fleet;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.nfsproxy.backend.Measure;

/** What instances said to each other of data that were read. For all threads. */
final class NeighbourCounts {
  final LongAdder asked = new LongAdder();
  final LongAdder here = new LongAdder();
  final LongAdder coming = new LongAdder();
  final LongAdder granted = new LongAdder();
  final LongAdder late = new LongAdder();
  final LongAdder away = new LongAdder();
  final LongAdder answerNanos = new LongAdder();
  final LongAdder broughtBytes = new LongAdder();
  final LongAdder missed = new LongAdder();
  final LongAdder sentBytes = new LongAdder();
  final LongAdder putBytes = new LongAdder();
  final LongAdder droppedBytes = new LongAdder();
  final LongAdder takenBytes = new LongAdder();
  final LongAdder damaged = new LongAdder();
  final LongAdder strangers = new LongAdder();
  final LongAdder unsealed = new LongAdder();

  /** Connections to others, and of others. */
  final AtomicInteger reached = new AtomicInteger();

  /** Instances that are not connected to, since there are too many. */
  final AtomicInteger passedOver = new AtomicInteger();

  final AtomicInteger connected = new AtomicInteger();

  private static final double NANOS = 1e9;

  List<Measure> measures(int fetching, int waiting) {
    return List.of(
        measure("asked_total", "READs for which a stretch's home was asked.", asked),
        measure("here_total", "Of these, those whose data were there.", here),
        measure("coming_total", "Of these, those whose data another instance fetched.", coming),
        measure(
            "granted_total", "Of these, those that were fetched here for all instances.", granted),
        measure(
            "late_total",
            "Of these, those that had no answer in time, and were fetched. Many of them: the"
                + " instances' network is slow, or cache.neighbours.answerMillis too short.",
            late),
        measure(
            "away_total",
            "READs whose home could not be asked: it is not connected, or late with others.",
            away),
        Measure.of(
            "cache_neighbour_answer_seconds_total",
            "Time that homes took to say the first word.",
            answerNanos.sum() / NANOS),
        measure("brought_bytes_total", "Bytes that other instances sent here.", broughtBytes),
        measure(
            "missed_total",
            "Questions to which something was to come, and did not: whoever fetched it found"
                + " another version, or was refused, or died.",
            missed),
        measure(
            "sent_bytes_total", "Bytes that were sent to other instances from here.", sentBytes),
        measure("put_bytes_total", "Bytes that were read here and given to their home.", putBytes),
        measure(
            "put_dropped_bytes_total",
            "Bytes that were not, since cache.neighbours.putBytesMax of them were on their way.",
            droppedBytes),
        measure("taken_bytes_total", "Bytes that other instances gave to this one.", takenBytes),
        measure(
            "damaged_total",
            "Pieces whose sum was wrong, and that were not used. More than none is a fault of a"
                + " machine's memory, or of the network, or ours.",
            damaged),
        measure(
            "strangers_total",
            "Connections that were refused, for want of the secret or too many.",
            strangers),
        measure(
            "unsealed_total",
            "Connections that were closed since something came on them that no instance had"
                + " sealed. More than none: somebody else is on the instances' network.",
            unsealed),
        gauge("reached", "Other instances that are connected to from here.", reached.get()),
        gauge("connected", "Other instances that are connected here.", connected.get()),
        gauge(
            "passed_over",
            "Other instances that are not connected to, since there are more than"
                + " cache.neighbours.instancesMax.",
            passedOver.get()),
        gauge("fetching", "Ranges that instances fetch for all, with this one as home.", fetching),
        gauge("waiting", "Questions that wait for them.", waiting));
  }

  private static Measure measure(String name, String help, LongAdder value) {
    return Measure.of("cache_neighbour_" + name, help, value.sum());
  }

  private static Measure gauge(String name, String help, int value) {
    return Measure.of("cache_neighbour_" + name, help, value);
  }
}
