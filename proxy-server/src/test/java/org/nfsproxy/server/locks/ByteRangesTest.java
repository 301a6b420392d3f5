package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.locks.wire.LockedRange;

/** Ranges of a file beside a set of its bytes. */
class ByteRangesTest {
  private static final int BYTES = 200;

  private static BitSet bits(ByteRanges ranges) {
    BitSet bits = new BitSet();
    ranges.all().forEach(range -> bits.set((int) range.first(), (int) range.last() + 1));
    return bits;
  }

  @Test
  void ranges_addedAndRemoved_areTheBytesOfASet() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      ByteRanges ranges = new ByteRanges();
      BitSet expected = new BitSet();
      for (int step = 0; step < 30; step++) {
        int first = random.nextInt(BYTES);
        int length = 1 + random.nextInt(20);
        LockedRange range = new LockedRange(true, first, length);
        if (random.nextBoolean()) {
          ranges.add(range);
          expected.set(first, first + length);
        } else {
          ranges.remove(range);
          expected.clear(first, first + length);
        }
        assertEquals(expected, bits(ranges), "seed " + seed);
        boolean covered = expected.nextClearBit(first) >= first + length;
        assertTrue(!covered || coversInParts(ranges, first, length), "seed " + seed);
      }
    }
  }

  private static boolean coversInParts(ByteRanges ranges, int first, int length) {
    for (int at = first; at < first + length; at++) {
      if (!ranges.covers(new LockedRange(true, at, 1))) {
        return false;
      }
    }
    return true;
  }

  @Test
  void ranges_tooMany_becomeWiderAndLoseNoByte() {
    ByteRanges ranges = new ByteRanges();
    BitSet added = new BitSet();
    for (int i = 0; i < 100; i++) {
      ranges.add(new LockedRange(true, 3L * i, 1));
      added.set(3 * i);
    }
    assertTrue(ranges.all().size() <= ByteRanges.RANGES_MAX);
    BitSet missing = (BitSet) added.clone();
    missing.andNot(bits(ranges));
    assertEquals(new BitSet(), missing);
  }

  @Test
  void range_toTheEnd_isUnsignedAndRemovedByTheWholeFile() {
    ByteRanges ranges = new ByteRanges();
    ranges.add(new LockedRange(true, Long.MIN_VALUE, 0));
    ranges.add(new LockedRange(true, 5, Long.MAX_VALUE - 10));
    assertEquals(
        List.of(
            new ByteRanges.Range(5, Long.MAX_VALUE - 6), new ByteRanges.Range(Long.MIN_VALUE, -1)),
        ranges.all());
    ranges.remove(LockedRange.WHOLE);
    assertTrue(ranges.isEmpty());
  }

  @Test
  void range_whoseEndOverflows_goesToTheEnd() {
    assertEquals(-1, new LockedRange(true, 10, -1).last());
    assertEquals(-1, new LockedRange(true, 10, 0).last());
    assertEquals(10, new LockedRange(true, 10, 1).last());
    assertEquals(-1, new LockedRange(true, -1, 1).last());
  }
}
