package org.nfsproxy.server.locks.wire;

/** Values of nlm4_stats, RFC 1813 section 6.1.3. */
public final class NlmStatus {
  /** Done. */
  public static final int GRANTED = 0;

  /** Another owner's lock is in the way; or what should be cancelled was not waiting. */
  public static final int DENIED = 1;

  /** No resources. A client tells its caller ENOLCK. */
  public static final int DENIED_NOLOCKS = 2;

  /** The request waits at the server. */
  public static final int BLOCKED = 3;

  /** The server has restarted, and takes reclaims only; or takes none any more. */
  public static final int DENIED_GRACE_PERIOD = 4;

  /** The handle's file is gone. */
  public static final int STALE_FH = 7;

  /** Any other reason. */
  public static final int FAILED = 9;

  private NlmStatus() {}
}
