package org.nfsproxy.nfs.table;

/** A row that is an RPC procedure. */
public interface Procedure extends Operation {
  /**
   * Where the flavor of a call counts.
   *
   * @return the column
   */
  default FlavorCheck flavorCheck() {
    return row().flavorCheck();
  }

  /**
   * Whether the arguments are operations of their own, to be read by a {@code CompoundWalk} instead
   * of an {@code ArgumentsWalk}.
   *
   * @return true for COMPOUND and CB_COMPOUND
   */
  default boolean isCompound() {
    return false;
  }
}
