package org.nfsproxy.server.probe;

import org.nfsproxy.rpc.CallCredential;

/** As whom the origin is asked: as the proxy asks, and as others for comparison. */
final class ProbeCredentials {
  private static final String MACHINE = "nfs-proxy";
  private static final int NOBODY = 65534;

  /** AUTH_SYS of uid 0, as the proxy's own questions have it. */
  static final CallCredential ROOT = CallCredential.sys(MACHINE, 0, 0);

  private ProbeCredentials() {}

  /** AUTH_SYS of a user, who is in no group that owns anything. */
  static CallCredential of(int uid) {
    return uid == 0 ? ROOT : CallCredential.sys(MACHINE, uid, NOBODY);
  }
}
