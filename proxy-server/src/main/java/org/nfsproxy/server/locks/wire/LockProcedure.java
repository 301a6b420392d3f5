package org.nfsproxy.server.locks.wire;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nlm4;

/**
 * The procedures with which a client locks and shares, and what of them goes to the origin.
 *
 * <pre>
 *  sent as    the origin's procedure
 *  results as the call that brings the client its results; null: they are in the reply
 *  arguments  what stands there beside cookie, caller_name, handle and oh: b block, x exclusive,
 *             l svid and range, m mode and access of a share, r reclaim, s state
 *  judged     whether the rules are asked. What gives something back passes for the owner
 *  locks      whether something may be held when it has succeeded
 * </pre>
 */
public enum LockProcedure {
  // spotless:off
  //          sent as         results as        arguments  judged  locks
  TEST       (Nlm4.TEST,      null,             "xl",      true,   false),
  LOCK       (Nlm4.LOCK,      null,             "bxlrs",   true,   true),
  CANCEL     (Nlm4.CANCEL,    null,             "bxl",     false,  false),
  UNLOCK     (Nlm4.UNLOCK,    null,             "l",       false,  false),
  TEST_MSG   (Nlm4.TEST,      Nlm4.TEST_RES,    "xl",      true,   false),
  LOCK_MSG   (Nlm4.LOCK,      Nlm4.LOCK_RES,    "bxlrs",   true,   true),
  CANCEL_MSG (Nlm4.CANCEL,    Nlm4.CANCEL_RES,  "bxl",     false,  false),
  UNLOCK_MSG (Nlm4.UNLOCK,    Nlm4.UNLOCK_RES,  "l",       false,  false),
  SHARE      (Nlm4.SHARE,     null,             "mr",      true,   true),
  UNSHARE    (Nlm4.UNSHARE,   null,             "mr",      false,  false),
  NM_LOCK    (Nlm4.NM_LOCK,   null,             "bxlrs",   true,   true);
  // spotless:on

  private final Nlm4 sentAs;
  private final @Nullable Nlm4 resultsAs;
  private final boolean hasBlock;
  private final boolean hasExclusive;
  private final boolean hasReclaim;
  private final boolean hasState;
  private final boolean isShare;
  private final boolean judged;
  private final boolean locks;

  LockProcedure(
      Nlm4 sentAs, @Nullable Nlm4 resultsAs, String arguments, boolean judged, boolean locks) {
    this.sentAs = sentAs;
    this.resultsAs = resultsAs;
    this.hasBlock = arguments.contains("b");
    this.hasExclusive = arguments.contains("x");
    this.hasReclaim = arguments.contains("r");
    this.hasState = arguments.contains("s");
    this.isShare = arguments.contains("m");
    this.judged = judged;
    this.locks = locks;
  }

  /**
   * Finds the row of a procedure.
   *
   * @return null if it is none of these
   */
  public static @Nullable LockProcedure of(Nlm4 procedure) {
    for (LockProcedure row : values()) {
      if (row.name().equals(procedure.name())) {
        return row;
      }
    }
    return null;
  }

  /** The origin's procedure. */
  public Nlm4 sentAs() {
    return sentAs;
  }

  /** The call that brings the client its results; null if the reply does. */
  public @Nullable Nlm4 resultsAs() {
    return resultsAs;
  }

  boolean hasBlock() {
    return hasBlock;
  }

  boolean hasExclusive() {
    return hasExclusive;
  }

  boolean hasReclaim() {
    return hasReclaim;
  }

  boolean hasState() {
    return hasState;
  }

  /** Whether it is about what an owner shares of a whole file, rather than about a range. */
  public boolean isShare() {
    return isShare;
  }

  /** Whether the rules are asked. */
  public boolean isJudged() {
    return judged;
  }

  /** Whether it ends a wait, rather than a lock. */
  public boolean isCancel() {
    return sentAs == Nlm4.CANCEL;
  }

  /** Whether a lock may be held when it has succeeded. */
  public boolean locks() {
    return locks;
  }
}
