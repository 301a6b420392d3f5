package org.nfsproxy.nfs.table;

/**
 * The results of an operation that failed: a status, and behind it only flags for what is absent,
 * which are zero words.
 *
 * <pre>
 *  +--------+---+- - - - -+---+
 *  | status | 0 |         | 0 |    zeroWords() of them
 *  +--------+---+- - - - -+---+
 * </pre>
 */
public enum OnFailure {
  /** There is no status: the operation cannot fail in its own words. */
  NO_STATUS(-1, false),
  /**
   * MOUNT PATHCONF: there is no status, and all of its fields are zero, as Linux's mountd has it.
   */
  TEN_ZEROS(-1, false),
  /** The status and nothing else. */
  STATUS(0, false),
  /** NFSv3: attributes, absent. */
  ATTR(1, false),
  /** NFSv3: attributes before and after, absent. */
  WCC(2, false),
  /** NFSv3 LINK: the file's attributes, then the directory's before and after. */
  ATTR_WCC(3, false),
  /** NFSv3 RENAME: before and after of both directories. */
  WCC_WCC(4, false),
  /** NFSv4 SETATTR: an empty bitmap of what was set. */
  EMPTY_BITMAP(1, false),
  /** NLM: the call's cookie stands before the status. */
  COOKIE(0, true),
  /** NLM SHARE: the call's cookie before the status, a sequence number behind it. */
  COOKIE_SEQUENCE(1, true);

  private final int zeroWords;
  private final boolean cookie;

  OnFailure(int zeroWords, boolean cookie) {
    this.zeroWords = zeroWords;
    this.cookie = cookie;
  }

  /**
   * Whether the results have a status at all.
   *
   * @return false if a refusal has to be one of RPC
   */
  public boolean hasStatus() {
    return zeroWords >= 0;
  }

  /**
   * Words of zero behind the status.
   *
   * @return 0 to 4
   */
  public int zeroWords() {
    return Math.max(0, zeroWords);
  }

  /**
   * Whether the opaque cookie that opens the arguments is repeated before the status.
   *
   * @return true for NLM
   */
  public boolean repeatsCookie() {
    return cookie;
  }
}
