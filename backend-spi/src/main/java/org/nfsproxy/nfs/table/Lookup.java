package org.nfsproxy.nfs.table;

/** What three numbers of a call name; the three misses are RFC 5531's. */
public sealed interface Lookup {
  /**
   * A procedure.
   *
   * @param procedure its row
   */
  record Found(Procedure procedure) implements Lookup {}

  /** No table has this program. */
  record ProgUnavail() implements Lookup {}

  /**
   * The program has tables, but none of this version.
   *
   * @param low the lowest version with a table
   * @param high the highest
   */
  record ProgMismatch(int low, int high) implements Lookup {}

  /** The version has no such procedure. */
  record ProcUnavail() implements Lookup {}
}
