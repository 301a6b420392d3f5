package org.nfsproxy.nfs.table;

/** The statuses that the proxy itself looks for or answers with, RFC 8881 section 15.1. */
// NFSv2, NFSv3 and MOUNT have the same numbers for those below 10000.
public final class NfsStatus {
  /** It worked. */
  public static final int OK = 0;

  /** Not allowed: NFSERR_ACCES, NFS3ERR_ACCES, MNT3ERR_ACCES, NFS4ERR_ACCESS. */
  public static final int ACCES = 13;

  /** The filesystem may be read only. */
  public static final int ROFS = 30;

  /** NFSv4: this server does not have such an operation. */
  public static final int NOTSUPP = 10004;

  /** NFSv4: to be tried again later. */
  public static final int DELAY = 10008;

  /** NFSv4: not with this security flavor. */
  public static final int WRONGSEC = 10016;

  /** NFSv4: the filesystem is elsewhere. */
  public static final int MOVED = 10019;

  /** NFSv4.1: no layout for this file, ever. */
  public static final int LAYOUTUNAVAILABLE = 10059;

  /** NFSv4.2: not copied between servers. */
  public static final int OFFLOAD_DENIED = 10091;

  /** NFS4ERR_DENIED: somebody else has the lock. */
  public static final int DENIED = 10010;

  /** NFSv4: no such operation. */
  public static final int OP_ILLEGAL = 10044;

  private NfsStatus() {}
}
