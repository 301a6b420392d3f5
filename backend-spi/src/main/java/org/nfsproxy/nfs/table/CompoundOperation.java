package org.nfsproxy.nfs.table;

/** A row that is an operation within a COMPOUND or CB_COMPOUND. */
public interface CompoundOperation extends Operation {
  /**
   * The minor version that brought it.
   *
   * @return 0, 1 or 2
   */
  int minorVersion();

  /**
   * Where in a COMPOUND it may stand.
   *
   * @return the place
   */
  Position place();
}
