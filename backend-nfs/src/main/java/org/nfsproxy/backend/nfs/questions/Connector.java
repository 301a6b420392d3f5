package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import org.nfsproxy.rpc.RpcClient;

/**
 * Makes connections for questions of our own, within a bounded time: from a reserved port where the
 * origin wants one, and with the name resolved anew each time.
 */
@FunctionalInterface
public interface Connector {
  /**
   * Connects.
   *
   * @param server host name or address, and TCP port
   * @return the connection, to be closed by the caller
   */
  Future<RpcClient> connect(SocketAddress server);
}
