package org.nfsproxy.server.locks;

import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.server.locks.wire.LockedRange;

/** A set of bytes of a file, as ranges. Used by one thread. */
// Too large a set costs nothing but an entry that is kept too long, so where there are too many
// ranges, the two that are nearest to each other become one.
final class ByteRanges {
  static final int RANGES_MAX = 32;

  /** First and last byte, unsigned. */
  record Range(long first, long last) {
    private boolean touches(long otherFirst, long otherLast) {
      return Long.compareUnsigned(first, otherLast) <= 0
          && Long.compareUnsigned(otherFirst, last) <= 0;
    }
  }

  private List<Range> ranges = new ArrayList<>();

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** In ascending order; a copy. */
  List<Range> all() {
    return List.copyOf(ranges);
  }

  ByteRanges copy() {
    ByteRanges copy = new ByteRanges();
    copy.ranges.addAll(ranges);
    return copy;
  }

  /** Becomes the same as another one. */
  void become(ByteRanges other) {
    ranges = new ArrayList<>(other.ranges);
  }

  boolean covers(LockedRange range) {
    return ranges.stream()
        .anyMatch(
            each ->
                Long.compareUnsigned(each.first, range.offset()) <= 0
                    && Long.compareUnsigned(range.last(), each.last) <= 0);
  }

  void add(LockedRange range) {
    add(range.offset(), range.last());
  }

  void add(long first, long last) {
    long from = first;
    long to = last;
    List<Range> next = new ArrayList<>();
    for (Range each : ranges) {
      if (each.touches(from, to)) {
        from = Long.compareUnsigned(each.first, from) < 0 ? each.first : from;
        to = Long.compareUnsigned(each.last, to) > 0 ? each.last : to;
      } else {
        next.add(each);
      }
    }
    next.add(new Range(from, to));
    next.sort((one, other) -> Long.compareUnsigned(one.first, other.first));
    ranges = next;
    joinTooMany();
  }

  private void joinTooMany() {
    while (ranges.size() > RANGES_MAX) {
      joinNearest();
    }
  }

  private void joinNearest() {
    int nearest = 1;
    for (int i = 2; i < ranges.size(); i++) {
      if (Long.compareUnsigned(gap(i), gap(nearest)) < 0) {
        nearest = i;
      }
    }
    Range joined = new Range(ranges.get(nearest - 1).first, ranges.get(nearest).last);
    ranges.set(nearest - 1, joined);
    ranges.remove(nearest);
  }

  private long gap(int at) {
    return ranges.get(at).first - ranges.get(at - 1).last;
  }

  void remove(LockedRange range) {
    long first = range.offset();
    long last = range.last();
    List<Range> next = new ArrayList<>();
    for (Range each : ranges) {
      if (!each.touches(first, last)) {
        next.add(each);
        continue;
      }
      if (Long.compareUnsigned(each.first, first) < 0) {
        next.add(new Range(each.first, first - 1));
      }
      if (Long.compareUnsigned(each.last, last) > 0) {
        next.add(new Range(last + 1, each.last));
      }
    }
    ranges = next;
    joinTooMany();
  }
}
