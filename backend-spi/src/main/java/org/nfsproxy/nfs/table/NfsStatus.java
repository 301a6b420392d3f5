package org.nfsproxy.nfs.table;

/**
 * The statuses that the proxy itself looks for or answers with, RFC 8881 section 15.1, RFC 7862
 * section 11.1. In the order of their numbers.
 */
// NFSv2, NFSv3 and MOUNT have the same numbers for those below 10000.
public final class NfsStatus {
  /** It worked. */
  public static final int OK = 0;

  /** There is no such name. */
  public static final int NOENT = 2;

  /** Not allowed: NFSERR_ACCES, NFS3ERR_ACCES, MNT3ERR_ACCES, NFS4ERR_ACCESS. */
  public static final int ACCES = 13;

  /** Not a directory. */
  public static final int NOTDIR = 20;

  /** NFSv3 and later: an argument cannot be. */
  public static final int INVAL = 22;

  /** The filesystem may be read only. */
  public static final int ROFS = 30;

  /** The name is too long. */
  public static final int NAMETOOLONG = 63;

  /** The filehandle is of nothing that there is. */
  public static final int STALE = 70;

  /** NFSv3 and later: not a filehandle of this server. */
  public static final int BADHANDLE = 10001;

  /** NFSv4: this server does not have such an operation. */
  public static final int NOTSUPP = 10004;

  /** NFSv3 and later: the room that the client gives is too small. */
  public static final int TOOSMALL = 10005;

  /** NFSv4: to be tried again later; NFS3ERR_JUKEBOX has the same number. */
  public static final int DELAY = 10008;

  /** NFS4ERR_DENIED: somebody else has the lock. */
  public static final int DENIED = 10010;

  /** NFSv4: not while clients reclaim what they had. */
  public static final int GRACE = 10013;

  /** NFSv4: the volatile filehandle has expired. */
  public static final int FHEXPIRED = 10014;

  /** NFSv4: not with this security flavor. */
  public static final int WRONGSEC = 10016;

  /** NFSv4.0: another client has this client identifier. */
  public static final int CLID_INUSE = 10017;

  /** NFSv4: the filesystem is elsewhere. */
  public static final int MOVED = 10019;

  /** NFS4ERR_NOFILEHANDLE: there is no current filehandle to act on. */
  public static final int NOFILEHANDLE = 10020;

  /** NFSv4: not this minor version. */
  public static final int MINOR_VERS_MISMATCH = 10021;

  /** NFSv4: an attribute that cannot be had, or compared. */
  public static final int ATTRNOTSUPP = 10032;

  /** NFSv4: an operation that has to stand alone does not. */
  public static final int NOT_ONLY_OP = 10081;

  /** NFSv4: VERIFY found other attributes. */
  public static final int NOT_SAME = 10027;

  /** NFSv4: no such operation. */
  public static final int OP_ILLEGAL = 10044;

  /** NFSv4.1: a layout may be had later. */
  public static final int LAYOUTTRYLATER = 10058;

  /** NFSv4.1: no layout for this file, ever. */
  public static final int LAYOUTUNAVAILABLE = 10059;

  /** NFSv4.2: not copied between servers. */
  public static final int OFFLOAD_DENIED = 10091;

  /** NFSv4.2: not copied as the client requires. */
  public static final int OFFLOAD_NO_REQS = 10094;

  private NfsStatus() {}
}
