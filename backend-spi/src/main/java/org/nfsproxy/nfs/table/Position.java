package org.nfsproxy.nfs.table;

/** Where in a COMPOUND an operation may stand, RFC 8881 section 2.10.2.1. */
public enum Position {
  /** Anywhere; from minor version 1 on, behind the operation that is {@link #FIRST}. */
  ANYWHERE,
  /** First, and nowhere else: it names the session and slot (SEQUENCE, CB_SEQUENCE). */
  FIRST,
  /**
   * Within a session, or without one as the only operation; never before another one.
   *
   * <p>RFC 8881 lets others follow within a session. FreeBSD reads CREATE_SESSION but for its last
   * array, and EXCHANGE_ID likewise, so that these would begin in there.
   */
  OR_ALONE,
  /** Alone: the only operation of its COMPOUND. */
  ALONE
}
