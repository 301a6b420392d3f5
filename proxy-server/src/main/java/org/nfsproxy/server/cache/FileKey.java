package org.nfsproxy.server.cache;

import org.nfsproxy.nfs.Filehandle;

/**
 * A file as a version of NFS names it. What another version of NFS tells of it cannot be compared.
 *
 * @param nfsVersion 3 or 4
 */
public record FileKey(Filehandle handle, int nfsVersion) {}
