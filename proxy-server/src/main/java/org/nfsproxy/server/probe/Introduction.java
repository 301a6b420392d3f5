package org.nfsproxy.server.probe;

/**
 * What a server says of itself in EXCHANGE_ID, RFC 8881 section 18.35.
 *
 * @param sequence the first of CREATE_SESSION
 * @param flags EXCHGID4_FLAG_…
 * @param owner so_major_id, printable
 * @param scope eir_server_scope, printable
 * @param implementation name and domain that it gives; empty if it gives none
 */
record Introduction(
    long clientId,
    int sequence,
    int flags,
    long minorId,
    String owner,
    String scope,
    String implementation) {
  private static final int USE_PNFS_MDS = 0x0002_0000;
  private static final int USE_PNFS_DS = 0x0004_0000;

  boolean isMetadataServer() {
    return (flags & USE_PNFS_MDS) != 0;
  }

  boolean isDataServer() {
    return (flags & USE_PNFS_DS) != 0;
  }
}
