package org.nfsproxy.server.judge;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;

/**
 * Steps along the namespace from a filehandle or from its root: names, or {@link #UP}. Equal where
 * the beginning and all steps are. Never changed.
 */
// A way is kept in a table and with calls that are under way, and its names are a client's. So it
// has bounds, and each step knows the way before it: all the ways of a COMPOUND together are no
// longer than its longest.
final class Way {
  /** One step up. */
  static final byte[] UP = {};

  /** Servers' names have 255 bytes, those of some 1,023. A longer one leads nowhere. */
  static final int NAME_BYTES_MAX = 1023;

  /** Clients take a step or two in a COMPOUND. */
  static final int STEPS_MAX = 32;

  /** The longest path that Linux takes. */
  static final int PATH_BYTES_MAX = 4096;

  /** An object, its fields and an array's header. */
  private static final int STEP_BYTES = 64;

  private final @Nullable Way before;
  private final @Nullable Filehandle from;
  private final byte[] name;
  private final int count;
  private final int nameBytes;
  private final int hash;

  private Way(
      @Nullable Way before,
      @Nullable Filehandle from,
      byte[] name,
      int count,
      int nameBytes,
      int hash) {
    this.before = before;
    this.from = from;
    this.name = name;
    this.count = count;
    this.nameBytes = nameBytes;
    this.hash = hash;
  }

  /** Without a step yet, from a handle; null for the root of the namespace. */
  static Way from(@Nullable Filehandle handle) {
    return new Way(null, handle, UP, 0, 0, Objects.hashCode(handle));
  }

  /** Whether one step more, of a name of so many bytes, is within the bounds. */
  static boolean mayStep(int steps, int nameBytes, int nameLength) {
    return nameLength <= NAME_BYTES_MAX
        && steps < STEPS_MAX
        && nameBytes + nameLength <= PATH_BYTES_MAX;
  }

  /** One step more; the name is now this one's. */
  Way step(byte[] next) {
    if (!mayStep(count, nameBytes, next.length)) {
      throw new IllegalArgumentException("a step of " + next.length + " bytes behind " + count);
    }
    return new Way(
        this, from, next, count + 1, nameBytes + next.length, 31 * hash + Arrays.hashCode(next));
  }

  /** How many steps it has. */
  int steps() {
    return count;
  }

  /** What it takes in memory at most, with all that it shares with others. */
  int bytes() {
    return (count + 1) * STEP_BYTES + nameBytes + Filehandle.NFS4_BYTES_MAX;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Way that)
        || that.hash != hash
        || that.count != count
        || !Objects.equals(that.from, from)) {
      return false;
    }
    Way mine = this;
    for (Way its = that; mine != null && its != null && mine != its; its = its.before) {
      if (!Arrays.equals(mine.name, its.name)) {
        return false;
      }
      mine = mine.before;
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
