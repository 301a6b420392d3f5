package org.nfsproxy.server.exports;

import org.nfsproxy.backend.ObjectIdentity;

/**
 * How the origin names a filesystem in one version of NFS.
 *
 * @param nfsVersion 2, 3 or 4
 * @param major in NFSv3 all of its 64 bits, in NFSv2 32
 * @param minor the rest of an NFSv4 fsid; 0 before
 */
// A filesystem has as many names as there are versions. A Linux server makes all of them of one
// thing (the number of "fsid=", a UUID, or the device), but differently: NFSv3 has the halves of
// the UUID xored, or major and minor number of the device packed into one. So names are never
// compared between versions; what joins them is a path, or a handle that both versions take.
public record VersionedFsid(int nfsVersion, long major, long minor) {
  /**
   * The name in an answer.
   *
   * @param nfsVersion 2, 3 or 4
   */
  public static VersionedFsid of(int nfsVersion, ObjectIdentity identity) {
    return new VersionedFsid(nfsVersion, identity.fsidMajor(), identity.fsidMinor());
  }

  /** As a Linux client prints it and as a rule names it, for logs and lists. */
  @Override
  public String toString() {
    return Long.toHexString(major) + ":" + Long.toHexString(minor);
  }
}
