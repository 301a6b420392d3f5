package org.nfsproxy.server.policy;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Programs;

/** Protocols whose statuses have one set of numbers. */
public enum Family {
  /** NFS and NFS_ACL version 2, RFC 1094 section 2.3.1. */
  NFS2(99, Family.STALE),
  /** NFS and NFS_ACL version 3, RFC 1813 section 2.6. */
  NFS3(10008, Family.STALE),
  /** NFS version 4, RFC 7530 section 13.1, RFC 8881 section 15.1. */
  NFS4(Integer.MAX_VALUE, Family.STALE),
  /** MOUNT versions 1 and 2: numbers of UNIX errors, RFC 1094 appendix A. */
  MOUNT1(63, NfsStatus.ACCES),
  /** MOUNT version 3, RFC 1813 section 5.1.5. */
  MOUNT3(63, NfsStatus.ACCES);

  private static final int STALE = 70;

  private final int lastStatus;
  private final int otherwise;

  Family(int lastStatus, int otherwise) {
    this.lastStatus = lastStatus;
    this.otherwise = otherwise;
  }

  /**
   * What an origin said, perhaps in another version, as this protocol can say it: its own number,
   * or that the handle is stale, or in MOUNT that it may not be had.
   *
   * @param status as the origin said it, not 0
   * @return as on the wire
   */
  public int ownStatus(int status) {
    return status > 0 && status <= lastStatus ? status : otherwise;
  }

  /**
   * The family of a call.
   *
   * @param program as on the wire
   * @param version as on the wire
   * @return the family, or null if no rule holds for such calls
   */
  public static @Nullable Family of(int program, int version) {
    boolean mount = program == Programs.MOUNT;
    if (!mount && program != Programs.NFS && program != Programs.NFS_ACL) {
      return null;
    }
    return switch (version) {
      case 1 -> mount ? MOUNT1 : null;
      case 2 -> mount ? MOUNT1 : NFS2;
      case 3 -> mount ? MOUNT3 : NFS3;
      case 4 -> program == Programs.NFS ? NFS4 : null;
      default -> null;
    };
  }

  /**
   * Whether this protocol is there for a version of NFS.
   *
   * @return true for the version itself, and for MOUNT where that gives its handles
   */
  public boolean serves(NfsVersion version) {
    return version.version()
        == switch (this) {
          case NFS2, MOUNT1 -> 2;
          case NFS3, MOUNT3 -> 3;
          case NFS4 -> 4;
        };
  }
}
