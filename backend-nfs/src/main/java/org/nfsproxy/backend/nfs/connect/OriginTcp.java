package org.nfsproxy.backend.nfs.connect;

import io.vertx.core.net.TcpConfig;
import org.nfsproxy.rpc.RpcTcp;

/** TCP towards the origin: RPC's, and ended by a reset, also when the process is killed. */
// Who closes a connection first keeps its four numbers for a minute (TIME_WAIT), and there are only
// 359 reserved ports: the proxy would need more ports than it has connections. A reset leaves
// nothing behind. It throws away what was not sent and what the origin has received but not begun;
// so does a Linux origin when it is told the end in the usual way (docs/decisions/0050).
public final class OriginTcp {
  /** SO_LINGER with no time to linger. */
  static final int BY_RESET = 0;

  /** No SO_LINGER: what is in the socket is sent, and then the end of it. */
  public static final int ORDERLY = -1;

  private OriginTcp() {}

  /** Options for connections to the origin. */
  static TcpConfig config() {
    return RpcTcp.config().setSoLinger(BY_RESET);
  }
}
