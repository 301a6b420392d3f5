package org.nfsproxy.nfs.table;

/** Where the flavor of a call must be one that its export allows. */
// A client finds out how to come by asking: RFC 2623 section 2.3.2 lets it use AUTH_SYS or
// AUTH_NONE for what it asks while it mounts. Which procedures those are is the Linux server's
// choice (NFSD_MAY_BYPASS_GSS_ON_ROOT in fs/nfsd/nfs3proc.c, nfsproc.c).
public enum FlavorCheck {
  /** On every filehandle. */
  ALWAYS,
  /**
   * Not on the root of an export, for AUTH_SYS and AUTH_NONE: clients ask this while they mount.
   */
  NOT_ON_ROOT
}
