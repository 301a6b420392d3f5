package org.nfsproxy.nfs;

/** What a walk over a call's arguments came to. */
public enum Outcome {
  /**
   * All arguments are there and were understood. Bytes behind them do not matter, see {@code
   * end()}.
   */
  WHOLE,
  /** The arguments end too early, or a length or discriminant in them cannot be. */
  GARBAGE,
  /** The COMPOUND has more operations than were allowed; none was looked at. */
  TOO_MANY_OPERATIONS,
  /** The COMPOUND is of a minor version that nobody here knows; no operation was looked at. */
  UNKNOWN_MINOR,
  /** An operation has a number without a row, or one that a later minor version brought. */
  UNKNOWN_OPERATION
}
