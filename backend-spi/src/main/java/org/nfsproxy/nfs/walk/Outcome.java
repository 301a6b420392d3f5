package org.nfsproxy.nfs.walk;

/** What a walk over a call's arguments, or a reply's results, came to. */
public enum Outcome {
  /** All of it is there and was understood. Bytes behind it do not matter, see {@code end()}. */
  WHOLE,
  /** It ends too early, or a length or discriminant in it cannot be. */
  GARBAGE,
  /** The COMPOUND has more operations than were allowed; none was looked at. */
  TOO_MANY_OPERATIONS,
  /** The COMPOUND is of a minor version that nobody here knows; no operation was looked at. */
  UNKNOWN_MINOR,
  /** An operation has a number without a row, or one that a later minor version brought. */
  UNKNOWN_OPERATION
}
