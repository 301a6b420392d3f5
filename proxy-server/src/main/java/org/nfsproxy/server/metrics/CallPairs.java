package org.nfsproxy.server.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How often a client called each operation on each export, for the first so many pairs that it
 * makes; the rest by operation alone. One thread counts, any thread reads.
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
  private static final int ENTRIES_MIN = 8;
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final int pairsMax;
  private final int otherSlot;
  private volatile long[] cells = new long[2 * ENTRIES_MIN];
  private int size;
  private int overflow;

  /**
   * None yet.
   *
   * @param pairsMax how many are kept, not counting those of the slot for the rest
   * @param otherSlot the export that further pairs count for
   */
  CallPairs(int pairsMax, int otherSlot) {
    this.pairsMax = pairsMax;
    this.otherSlot = otherSlot;
  }

  void add(int slot, int row, long more) {
    if (!addKnown(slot, row, more)) {
      addNew(slot, row, more);
    }
  }

  private boolean addKnown(int slot, int row, long more) {
    long[] cells = this.cells;
    int at = find(cells, key(slot, row));
    if (cells[at] == 0) {
      return false;
    }
    LONGS.setOpaque(cells, at + 1, cells[at + 1] + more);
    return true;
  }

  // Of the pairs for the rest there are as many as there are operations, so they need no bound.
  private void addNew(int slot, int row, long more) {
    boolean isOther = slot == otherSlot;
    if (!isOther && size - overflow >= pairsMax) {
      add(otherSlot, row, more);
      return;
    }
    if (4 * size >= 3 * (cells.length / 2)) {
      grow();
    }
    long[] cells = this.cells;
    int at = find(cells, key(slot, row));
    LONGS.setOpaque(cells, at + 1, more);
    LONGS.setRelease(cells, at, key(slot, row));
    size++;
    overflow += isOther ? 1 : 0;
  }

  private static long key(int slot, int row) {
    return ((long) slot << ROW_BITS | row) + 1;
  }

  private static int find(long[] cells, long key) {
    int mask = cells.length - 1;
    int at = (int) (key * 0x9e37_79b9_7f4a_7c15L >>> 32) << 1 & mask;
    while (cells[at] != 0 && cells[at] != key) {
      at = at + 2 & mask;
    }
    return at;
  }

  private void grow() {
    long[] old = cells;
    long[] larger = new long[2 * old.length];
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
