package org.nfsproxy.backend.nfs.connect;

import io.vertx.core.Future;
import org.nfsproxy.backend.nfs.questions.NotServedException;
import org.nfsproxy.backend.nfs.questions.OriginPorts;
import org.nfsproxy.nfs.table.Programs;

/** Which port of the origin serves a program. Safe for use by several threads. */
public final class OriginPrograms {
  private final int nfsPort;
  private final OriginPorts ports;
  private volatile int aclPort;

  OriginPrograms(int nfsPort, OriginPorts ports) {
    this.nfsPort = nfsPort;
    this.ports = ports;
    this.aclPort = nfsPort;
  }

  /** Finds out where NFS_ACL is, which is asked for at every mount of NFSv3. */
  public Future<Integer> findAcl() {
    return ports.acl().onSuccess(port -> aclPort = port);
  }

  /**
   * Whether calls of a program go to the same port as NFS, and so share its connection.
   *
   * @param program its number
   * @return true for NFS itself, and usually for NFS_ACL
   */
  public boolean sharesNfsPort(int program) {
    return program == Programs.NFS || program == Programs.NFS_ACL && aclPort == nfsPort;
  }

  /**
   * The port of a program.
   *
   * @param program its number: NFS, MOUNT, NFS_ACL or NLM
   * @return the port; failed with {@link NotServedException} if the origin has no such program, and
   *     otherwise if nobody answers
   */
  public Future<Integer> port(int program) {
    return switch (program) {
      case Programs.MOUNT -> ports.mount();
      case Programs.NLM -> ports.nlm();
      case Programs.NFS_ACL -> Future.succeededFuture(aclPort);
      default -> Future.succeededFuture(nfsPort);
    };
  }

  /** Says that a program's connection was lost: its port is asked for again. */
  void mayHaveMoved() {
    ports.forget();
  }
}
