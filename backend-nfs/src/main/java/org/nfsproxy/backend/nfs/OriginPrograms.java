package org.nfsproxy.backend.nfs;

import io.vertx.core.Future;

/** Which port of the origin serves a program. */
interface OriginPrograms {
  /** NFS, RFC 5531's number for it. */
  int NFS = 100003;

  /** MOUNT, RFC 1813 appendix I. */
  int MOUNT = 100005;

  /** NFS_ACL, Solaris's and Linux's side protocol for POSIX ACLs. */
  int NFS_ACL = 100227;

  /**
   * Whether calls of a program go to the same port as NFS, and so may share its connection.
   *
   * @param program its number
   * @return true for NFS itself
   */
  boolean sharesNfsPort(int program);

  /**
   * The port of a program.
   *
   * @param program its number
   * @return the port; failed with {@link NotServedException} if the origin says it has no such
   *     program, and otherwise if nobody answers
   */
  Future<Integer> port(int program);
}
