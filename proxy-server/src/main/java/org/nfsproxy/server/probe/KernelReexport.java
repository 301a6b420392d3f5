package org.nfsproxy.server.probe;

import org.nfsproxy.nfs.Filehandle;

/**
 * What a Linux server makes of a handle when it re-exports an NFS mount: 22 bytes more, rounded to
 * four.
 *
 * <pre>
 *  | 4: knfsd's header | 4: fsid= | 8: fileid | 4: file type | 2: length | X: the origin's handle |
 * </pre>
 */
// The kernel's documentation (filesystems/nfs/reexport) and its encoder (nfs_encode_fh) have it so.
final class KernelReexport {
  private static final int ADDED_BYTES = 22;

  private KernelReexport() {}

  /** The length it becomes. */
  static int handleBytes(int originBytes) {
    return originBytes + ADDED_BYTES + 3 & ~3;
  }

  /** The versions that have room for it, as "v3 v4"; "none" if none has. */
  static String fits(int originBytes) {
    int bytes = handleBytes(originBytes);
    if (bytes <= Filehandle.NFS2_BYTES) {
      return "v2 v3 v4";
    }
    if (bytes <= Filehandle.NFS3_BYTES_MAX) {
      return "v3 v4";
    }
    return bytes <= Filehandle.NFS4_BYTES_MAX ? "v4" : "none";
  }
}
