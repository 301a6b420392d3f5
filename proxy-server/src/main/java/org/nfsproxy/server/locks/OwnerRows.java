package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives each lock owner's svid a place of its own among the 32 bits that the origin tells owners
 * apart by. Used by one thread.
 *
 * <pre>
 *  svid at the origin:   | row, 16 bits | lower 16 bits of the client's svid |
 *  oh at the origin:     | 'N' 'L' row  | the client's oh                    |
 * </pre>
 */
// A row begins where a hash says, and goes to the next free one: the table decides that two owners
// differ, and the hash lets most come out the same should the table be lost. A row that nothing is
// held by may become another owner's: the origin has forgotten what it stood for.
final class OwnerRows {
  static final int ROWS = 1 << 16;

  private final int perClientMax;
  private final @Nullable LockOwner[] owners = new @Nullable LockOwner[ROWS];
  private final int[] uses = new int[ROWS];

  /** The NSM state that was heard last of who has the row; 0 if none was. */
  private final int[] states = new int[ROWS];

  private final Map<LockOwner, Integer> rows = new HashMap<>();
  private final Map<InetAddress, Set<Integer>> ofClient = new HashMap<>();

  private volatile int rowsUsed;

  OwnerRows(int perClientMax) {
    this.perClientMax = perClientMax;
  }

  /** The row of an owner; -1 if it has none. */
  int find(LockOwner owner) {
    return rows.getOrDefault(owner, -1);
  }

  /** Whose a row is; null if it is nobody's. */
  @Nullable LockOwner owner(int row) {
    return owners[row];
  }

  /**
   * The row of an owner, one that is free or not in use if it has none.
   *
   * @return -1 if the client has as many as it may, or all are in use
   */
  int take(LockOwner owner) {
    int known = find(owner);
    if (known >= 0) {
      return known;
    }
    Set<Integer> others = ofClient.getOrDefault(owner.client(), Set.of());
    if (others.size() >= perClientMax && !freeOne(others)) {
      return -1;
    }
    return takeNew(owner);
  }

  /**
   * The same for a call that gives something back, and takes a row for as long as it is under way:
   * a client may have as many as are free.
   *
   * @return -1 if all are in use
   */
  int takeToGiveBack(LockOwner owner) {
    int known = find(owner);
    return known >= 0 ? known : takeNew(owner);
  }

  private int takeNew(LockOwner owner) {
    int row = freeFrom(Math.floorMod(owner.hashCode() * 0x9E3779B1, ROWS));
    if (row >= 0) {
      put(row, owner);
    }
    return row;
  }

  private boolean freeOne(Set<Integer> of) {
    for (int row : of) {
      if (uses[row] == 0) {
        free(row);
        return true;
      }
    }
    return false;
  }

  private int freeFrom(int start) {
    if (rows.size() < ROWS) {
      int row = start;
      while (owners[row] != null) {
        row = (row + 1) % ROWS;
      }
      return row;
    }
    for (int i = 0; i < ROWS; i++) {
      int row = (start + i) % ROWS;
      if (uses[row] == 0) {
        free(row);
        return row;
      }
    }
    return -1;
  }

  private void free(int row) {
    LockOwner owner = Objects.requireNonNull(owners[row], "a row that is taken");
    owners[row] = null;
    states[row] = 0;
    rows.remove(owner);
    Set<Integer> of = ofClient.get(owner.client());
    if (of != null) {
      of.remove(row);
      if (of.isEmpty()) {
        ofClient.remove(owner.client());
      }
    }
  }

  /** Says whose a row is, whoever had it or wherever the owner was before. */
  void put(int row, LockOwner owner) {
    if (owner.equals(owners[row])) {
      return;
    }
    if (owners[row] != null) {
      free(row);
    }
    int before = find(owner);
    if (before >= 0) {
      free(before);
    }
    owners[row] = owner;
    rows.put(owner, row);
    ofClient.computeIfAbsent(owner.client(), client -> new HashSet<>()).add(row);
  }

  /** Keeps a row for its owner, until {@link #left} as often. */
  void used(int row) {
    if (uses[row]++ == 0) {
      rowsUsed = rowsUsed + 1;
    }
  }

  void left(int row) {
    if (--uses[row] == 0) {
      rowsUsed = rowsUsed - 1;
    }
  }

  /** Rows that are in use; from any thread. */
  int rowsUsed() {
    return rowsUsed;
  }

  /** Whether anything is held, waits or is under way by it. */
  boolean isUsed(int row) {
    return uses[row] > 0;
  }

  /** In which NSM state a row's owner is, as it says; 0 says nothing. */
  void heard(int row, int state) {
    states[row] = state == 0 ? states[row] : state;
  }

  /** The same of all rows of a client whose owner has such a name. */
  void heard(InetAddress client, Predicate<String> name, int state) {
    for (int row : ofClient.getOrDefault(client, Set.of())) {
      if (name.test(Objects.requireNonNull(owners[row], "a row that is taken").name())) {
        heard(row, state);
      }
    }
  }

  /** The NSM state that was heard last of a row's owner; 0 if none was. */
  int state(int row) {
    return states[row];
  }

  /** The names that a client's rows have. */
  Set<String> names(InetAddress client) {
    Set<String> names = new HashSet<>();
    for (int row : ofClient.getOrDefault(client, Set.of())) {
      names.add(Objects.requireNonNull(owners[row], "a row that is taken").name());
    }
    return names;
  }

  /** Rows that somebody has. */
  int size() {
    return rows.size();
  }

  /** The svid at the origin. */
  static int svid(int row, int svid) {
    return row << 16 | svid & 0xffff;
  }

  static int rowOf(int svidAtOrigin) {
    return svidAtOrigin >>> 16;
  }

  /** The owner's own svid again. */
  static int svidOf(LockOwner owner, int svidAtOrigin) {
    return owner.svidHigh() << 16 | svidAtOrigin & 0xffff;
  }

  static final int TAG_BYTES = 4;

  /** An oh for the origin. */
  static byte[] tagged(int row, byte[] owner) {
    byte[] tagged = new byte[TAG_BYTES + owner.length];
    tagged[0] = 'N';
    tagged[1] = 'L';
    tagged[2] = (byte) (row >>> 8);
    tagged[3] = (byte) row;
    System.arraycopy(owner, 0, tagged, TAG_BYTES, owner.length);
    return tagged;
  }

  /** Whether an oh was made for a row. */
  static boolean isTagged(int row, byte[] owner) {
    return owner.length >= TAG_BYTES
        && owner[0] == 'N'
        && owner[1] == 'L'
        && owner[2] == (byte) (row >>> 8)
        && owner[3] == (byte) row;
  }
}
