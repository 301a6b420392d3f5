package org.nfsproxy.rpc;

import java.util.Arrays;

/**
 * The xids of messages that wait for their replies. An origin may call with the same xid twice: the
 * table then holds it twice.
 *
 * <p>Not safe for use by several threads at once.
 */
// Open addressing with linear probing on longs, so that nothing is allocated per call. A slot is 0
// or the xid with bit 32 set. Removal moves later entries of a run back, so there are no
// tombstones.
public final class XidTable {
  private static final long USED = 1L << 32;
  private static final int SLOTS_MIN = 16;

  private long[] slots = new long[SLOTS_MIN];
  private int size;

  /**
   * Adds an xid.
   *
   * @param xid as on the wire
   */
  public void add(int xid) {
    if (size >= slots.length / 2) {
      grow();
    }
    place(xid);
    size++;
  }

  /**
   * Adds an xid unless it is there.
   *
   * @param xid as on the wire
   * @return whether it was added
   */
  public boolean addNew(int xid) {
    if (contains(xid)) {
      return false;
    }
    add(xid);
    return true;
  }

  /**
   * Whether an xid is there.
   *
   * @param xid as on the wire
   * @return true if it was added and not taken out as often
   */
  public boolean contains(int xid) {
    int mask = slots.length - 1;
    long wanted = USED | xid & 0xffff_ffffL;
    for (int at = home(xid, mask); slots[at] != 0; at = at + 1 & mask) {
      if (slots[at] == wanted) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes an xid out, once.
   *
   * @param xid as on the wire
   * @return whether it was there
   */
  public boolean remove(int xid) {
    int mask = slots.length - 1;
    long wanted = USED | xid & 0xffff_ffffL;
    for (int at = home(xid, mask); slots[at] != 0; at = at + 1 & mask) {
      if (slots[at] == wanted) {
        size--;
        closeGap(at, mask);
        return true;
      }
    }
    return false;
  }

  /**
   * How many there are.
   *
   * @return 0 or more
   */
  public int size() {
    return size;
  }

  private void place(int xid) {
    int mask = slots.length - 1;
    int at = home(xid, mask);
    while (slots[at] != 0) {
      at = at + 1 & mask;
    }
    slots[at] = USED | xid & 0xffff_ffffL;
  }

  private void closeGap(int gap, int mask) {
    int at = gap;
    while (true) {
      at = at + 1 & mask;
      if (slots[at] == 0) {
        slots[gap] = 0;
        return;
      }
      int home = home((int) slots[at], mask);
      boolean homeIsBehindGap = (at - home & mask) < (at - gap & mask);
      if (!homeIsBehindGap) {
        slots[gap] = slots[at];
        gap = at;
      }
    }
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    Arrays.stream(old).filter(slot -> slot != 0).forEach(slot -> place((int) slot));
  }

  private static int home(int xid, int mask) {
    return (int) (xid * 0x9e37_79b9_7f4a_7c15L >>> 32) & mask;
  }
}
