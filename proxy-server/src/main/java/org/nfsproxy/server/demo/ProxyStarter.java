package org.nfsproxy.server.demo;

import io.vertx.core.Future;

/** Starts a proxy before the demo's origin; both on 127.0.0.1. */
@FunctionalInterface
public interface ProxyStarter {
  /**
   * Starts the proxy.
   *
   * @param originPort where the origin serves NFS and MOUNT
   * @param listenPort where the proxy should listen
   * @return the port it listens on; fails with a {@link java.net.BindException} in its causes if
   *     the port is taken
   */
  Future<Integer> start(int originPort, int listenPort);
}
