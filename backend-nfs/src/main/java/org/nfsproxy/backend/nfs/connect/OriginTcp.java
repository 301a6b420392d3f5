package org.nfsproxy.backend.nfs.connect;

import io.vertx.core.net.TcpConfig;
import io.vertx.core.net.TcpOption;
import org.nfsproxy.rpc.RpcTcp;

/** TCP towards the origin: RPC's, and ended by a reset, also when the process is killed. */
// Who closes a connection first keeps its four numbers for a minute (TIME_WAIT), and there are only
// 359 reserved ports: the proxy would need more ports than it has connections. A reset leaves
// nothing behind. It throws away what was not sent and what the origin has received but not begun;
// so does a Linux origin when it is told the end in the usual way (docs/decisions/0050).
//
// What the origin's kernel does not acknowledge ends the connection sooner than towards clients:
// docs/decisions/0078.
public final class OriginTcp {
  /** As long as a client's first call waits for an origin that is away, by default. */
  private static final int UNACKNOWLEDGED_MILLIS_MAX = 15_000;

  /** SO_LINGER with no time to linger. */
  static final int BY_RESET = 0;

  /** No SO_LINGER: what is in the socket is sent, and then the end of it. */
  public static final int ORDERLY = -1;

  private OriginTcp() {}

  /** Options for connections to the origin. */
  static TcpConfig config() {
    return RpcTcp.config()
        .setSoLinger(BY_RESET)
        .setOption(TcpOption.USER_TIMEOUT, UNACKNOWLEDGED_MILLIS_MAX);
  }
}
