package org.nfsproxy.nfs.table;

/** What an operation does to the origin's files and state. */
// STATE is kept apart from writing, since a read-only export allows OPEN for reading, LOCK, CLOSE
// and the session operations. AS_ASKED is for the few operations whose arguments decide: their
// layouts hold the deciding word, and a walk's writes(...) has the answer.
public enum Effect {
  /** Changes nothing; may be sent again at any time. */
  READS,
  /** Changes files, and sent twice does the same as once (COMMIT). */
  WRITES,
  /** Changes files, and the second of two would fail or undo: servers keep its reply. */
  WRITES_ONCE,
  /** Changes what the origin holds for a client (opens, locks, sessions), but no file. */
  STATE,
  /** Changes state, and files if its arguments ask for it. */
  AS_ASKED;

  /**
   * Whether files change, whatever the arguments.
   *
   * @return false for {@link #AS_ASKED} too
   */
  public boolean writes() {
    return this == WRITES || this == WRITES_ONCE;
  }
}
