package org.nfsproxy.server.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often a client called each operation on each export, for the first so many pairs that it
 * makes. One thread counts, any thread reads.
 */
// Open addressing in one array, key and count beside each other. It begins small and doubles, up to
// its bound: what a client can take is its own. A reader that has the array from before goes on to
// see the counts of before.
final class CallPairs {
  /** Reads the pairs. */
  interface Reader {
    void pair(int slot, int row, long count);
  }

  static final int ROW_BITS = 10;
  private static final int ENTRIES_MIN = 4;
  private static final long[] NONE = {};
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final int pairsMax;
  private final AtomicInteger left;
  private volatile long[] cells = NONE;
  private volatile int size;

  /**
   * None yet.
   *
   * @param left how many more may be kept by all clients together
   */
  CallPairs(int pairsMax, AtomicInteger left) {
    this.pairsMax = pairsMax;
    this.left = left;
  }

  /**
   * Counts a call.
   *
   * @return whether it was counted; false if it is of a pair that has no room
   */
  boolean add(int slot, int row, long more) {
    long[] cells = this.cells;
    int at = find(cells, key(slot, row));
    if (at < 0 || cells[at] == 0) {
      return addNew(slot, row, more);
    }
    LONGS.setOpaque(cells, at + 1, cells[at + 1] + more);
    return true;
  }

  private boolean addNew(int slot, int row, long more) {
    if (size >= pairsMax || !takeRoom()) {
      return false;
    }
    if (4 * size >= 3 * (cells.length / 2)) {
      grow();
    }
    long[] cells = this.cells;
    int at = find(cells, key(slot, row));
    LONGS.setOpaque(cells, at + 1, more);
    LONGS.setRelease(cells, at, key(slot, row));
    size = size + 1;
    return true;
  }

  private boolean takeRoom() {
    if (left.get() <= 0) {
      return false;
    }
    if (left.decrementAndGet() < 0) {
      left.incrementAndGet();
      return false;
    }
    return true;
  }

  /** Gives the room back; nothing is added any more. */
  void giveBack() {
    left.addAndGet(size);
  }

  private static long key(int slot, int row) {
    return ((long) slot << ROW_BITS | row) + 1;
  }

  private static int find(long[] cells, long key) {
    if (cells.length == 0) {
      return -1;
    }
    int mask = cells.length - 1;
    int at = (int) (key * 0x9e37_79b9_7f4a_7c15L >>> 32) << 1 & mask;
    while (cells[at] != 0 && cells[at] != key) {
      at = at + 2 & mask;
    }
    return at;
  }

  private void grow() {
    long[] old = cells;
    long[] larger = new long[Math.max(2 * ENTRIES_MIN, 2 * old.length)];
    for (int i = 0; i < old.length; i += 2) {
      if (old[i] != 0) {
        int at = find(larger, old[i]);
        larger[at] = old[i];
        larger[at + 1] = old[i + 1];
      }
    }
    cells = larger;
  }

  void read(Reader reader) {
    long[] cells = this.cells;
    for (int i = 0; i < cells.length; i += 2) {
      long key = (long) LONGS.getAcquire(cells, i) - 1;
      if (key >= 0) {
        int row = (int) key & (1 << ROW_BITS) - 1;
        reader.pair((int) (key >>> ROW_BITS), row, (long) LONGS.getOpaque(cells, i + 1));
      }
    }
  }
}
