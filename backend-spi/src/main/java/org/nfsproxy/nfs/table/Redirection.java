package org.nfsproxy.nfs.table;

/**
 * Whether an NFSv4 operation leads its client to a server other than the one it is sent to, so that
 * a proxy which lets nobody out refuses it, and how it is refused.
 */
// Each status is one that the operation may have (RFC 8881 section 15.2, RFC 7862 section 11.2)
// and that makes a Linux client go on without: it does its I/O through the server, or copies by
// reading and writing. Not NOTSUPP for COPY: Linux would never again ask this server to copy, not
// even from one of its own files to another (fs/nfs/nfs42proc.c).
//
// LAYOUT_REPORT must be refused for one more reason: servers find the next operation where nobody
// who reads by the RFC would. NFS-Ganesha (4.3, 6.2) reads other arguments of LAYOUTSTATS and
// LAYOUTERROR (xdr_LAYOUTSTATS4args, xdr_LAYOUTERROR4args) and succeeds whatever they are. FreeBSD
// with pNFS takes a body of LAYOUTRETURN above 128 KiB for none (nfsrvd_layoutreturn).
public enum Redirection {
  /** It stays where it is. */
  NOWHERE(NfsStatus.OK),
  /** To the servers of a layout: NFS4ERR_LAYOUTUNAVAILABLE, the server itself does the I/O. */
  DATA_SERVER(NfsStatus.LAYOUTUNAVAILABLE),
  /** To where the devices of a layout are: NFS4ERR_NOTSUPP. */
  DEVICE(NfsStatus.NOTSUPP),
  /** To the server that a copy is made from, if its arguments name one: NFS4ERR_OFFLOAD_DENIED. */
  NAMED_SOURCE(NfsStatus.OFFLOAD_DENIED),
  /** Tells a server that another one will come and copy from it: NFS4ERR_NOTSUPP. */
  DESTINATION(NfsStatus.NOTSUPP),
  /** Tells what became of a layout, which nobody here is given: NFS4ERR_NOTSUPP. */
  LAYOUT_REPORT(NfsStatus.NOTSUPP);

  private final int status;

  Redirection(int status) {
    this.status = status;
  }

  /**
   * Whether an operation with this in its row leads away.
   *
   * @param namesServer whether its arguments have a {@link Part#SERVER}
   * @return true if it must not be let
   */
  public boolean isTaken(boolean namesServer) {
    return this == NAMED_SOURCE ? namesServer : this != NOWHERE;
  }

  /**
   * What it is refused with.
   *
   * @return as on the wire
   */
  public int status() {
    return status;
  }
}
