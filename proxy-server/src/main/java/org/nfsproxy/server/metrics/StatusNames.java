package org.nfsproxy.server.metrics;

import java.util.Arrays;

/**
 * A small number for each status that a reply can tell, with its name in the RFC less its prefix.
 * What no RFC has, has one number for all of it.
 */
// RFC 1094, 1813, 7530, 8881, 7862 and 8276 give one meaning to each number, with one exception:
// 10008 is JUKEBOX in NFSv3 and DELAY in NFSv4, and is called DELAY here. MOUNT's are among them.
final class StatusNames {
  /** It worked. */
  static final int OK = 0;

  /** A status of no RFC. */
  static final int OTHER = 1;

  /** RPC denied the call for its credential. */
  static final int AUTH_ERROR = 2;

  /** Another version of RPC than the one there is. */
  static final int RPC_MISMATCH = 3;

  /** What stands before RPC's accept_stat. */
  private static final int ACCEPT_STATUS = 3;

  private static final int FIRST_OF_NFS4 = 10001;

  private static final String[] RPC = {
    "OK",
    "other",
    "AUTH_ERROR",
    "RPC_MISMATCH",
    "PROG_UNAVAIL",
    "PROG_MISMATCH",
    "PROC_UNAVAIL",
    "GARBAGE_ARGS",
    "SYSTEM_ERR"
  };

  private static final int[] LOW_NUMBERS = {
    1, 2, 5, 6, 13, 17, 18, 19, 20, 21, 22, 27, 28, 30, 31, 63, 66, 69, 70, 71, 99
  };

  private static final String[] LOW_NAMES = {
    "PERM",
    "NOENT",
    "IO",
    "NXIO",
    "ACCESS",
    "EXIST",
    "XDEV",
    "NODEV",
    "NOTDIR",
    "ISDIR",
    "INVAL",
    "FBIG",
    "NOSPC",
    "ROFS",
    "MLINK",
    "NAMETOOLONG",
    "NOTEMPTY",
    "DQUOT",
    "STALE",
    "REMOTE",
    "WFLUSH"
  };

  /** From 10001 on, without a gap; 10073 is reserved. */
  // spotless:off
  private static final String[] HIGH_NAMES = {
    "BADHANDLE", "NOT_SYNC", "BAD_COOKIE", "NOTSUPP", "TOOSMALL", "SERVERFAULT", "BADTYPE", "DELAY",
    "SAME", "DENIED", "EXPIRED", "LOCKED", "GRACE", "FHEXPIRED", "SHARE_DENIED", "WRONGSEC",
    "CLID_INUSE", "RESOURCE", "MOVED", "NOFILEHANDLE", "MINOR_VERS_MISMATCH", "STALE_CLIENTID",
    "STALE_STATEID", "OLD_STATEID", "BAD_STATEID", "BAD_SEQID", "NOT_SAME", "LOCK_RANGE", "SYMLINK",
    "RESTOREFH", "LEASE_MOVED", "ATTRNOTSUPP", "NO_GRACE", "RECLAIM_BAD", "RECLAIM_CONFLICT",
    "BADXDR", "LOCKS_HELD", "OPENMODE", "BADOWNER", "BADCHAR", "BADNAME", "BAD_RANGE",
    "LOCK_NOTSUPP", "OP_ILLEGAL", "DEADLOCK", "FILE_OPEN", "ADMIN_REVOKED", "CB_PATH_DOWN",
    "BADIOMODE", "BADLAYOUT", "BAD_SESSION_DIGEST", "BADSESSION", "BADSLOT", "COMPLETE_ALREADY",
    "CONN_NOT_BOUND_TO_SESSION", "DELEG_ALREADY_WANTED", "BACK_CHAN_BUSY", "LAYOUTTRYLATER",
    "LAYOUTUNAVAILABLE", "NOMATCHING_LAYOUT", "RECALLCONFLICT", "UNKNOWN_LAYOUTTYPE",
    "SEQ_MISORDERED", "SEQUENCE_POS", "REQ_TOO_BIG", "REP_TOO_BIG", "REP_TOO_BIG_TO_CACHE",
    "RETRY_UNCACHED_REP", "UNSAFE_COMPOUND", "TOO_MANY_OPS", "OP_NOT_IN_SESSION",
    "HASH_ALG_UNSUPP", "CONN_BINDING_NOT_ENFORCED", "CLIENTID_BUSY", "PNFS_IO_HOLE",
    "SEQ_FALSE_RETRY", "BAD_HIGH_SLOT", "DEADSESSION", "ENCR_ALG_UNSUPP", "PNFS_NO_LAYOUT",
    "NOT_ONLY_OP", "WRONG_CRED", "WRONG_TYPE", "DIRDELEG_UNAVAIL", "REJECT_DELEG", "RETURNCONFLICT",
    "DELEG_REVOKED", "PARTNER_NOTSUPP", "PARTNER_NO_AUTH", "UNION_NOTSUPP", "OFFLOAD_DENIED",
    "WRONG_LFS", "BADLABEL", "OFFLOAD_NO_REQS", "NOXATTR", "XATTR2BIG"
  };
  // spotless:on

  private static final String[] NAMES = all();

  private static final int PERM = of(1);
  private static final int ACCES = of(13);

  private StatusNames() {}

  private static String[] all() {
    int low = RPC.length + LOW_NAMES.length;
    String[] all = Arrays.copyOf(RPC, low + HIGH_NAMES.length);
    System.arraycopy(LOW_NAMES, 0, all, RPC.length, LOW_NAMES.length);
    System.arraycopy(HIGH_NAMES, 0, all, low, HIGH_NAMES.length);
    return all;
  }

  /** The number of a status of NFS or MOUNT, as on the wire. */
  static int of(int status) {
    if (status == 0) {
      return OK;
    }
    int high = status - FIRST_OF_NFS4;
    if (high >= 0 && high < HIGH_NAMES.length) {
      return RPC.length + LOW_NAMES.length + high;
    }
    int low = Arrays.binarySearch(LOW_NUMBERS, status);
    return low < 0 ? OTHER : RPC.length + low;
  }

  /** The number of an accept_stat of RPC, as on the wire. */
  static int ofAccept(int status) {
    return status > 0 && status + ACCEPT_STATUS < RPC.length ? status + ACCEPT_STATUS : OTHER;
  }

  /** Whether it says that the caller may not do it: PERM or ACCES. */
  static boolean isDenial(int number) {
    return number == PERM || number == ACCES;
  }

  static String name(int number) {
    return NAMES[number];
  }

  static int count() {
    return NAMES.length;
  }
}
