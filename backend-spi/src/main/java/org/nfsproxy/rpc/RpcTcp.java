package org.nfsproxy.rpc;

import io.vertx.core.net.TcpConfig;
import io.vertx.core.net.TcpOption;

/** TCP as a connection that carries RPC wants it, on either side of a proxy. */
public final class RpcTcp {
  /** Below the idle limits of usual balancers and firewalls (300 s and more). */
  private static final int KEEPALIVE_IDLE_SECONDS = 60;

  /** With the count below, a silent peer is known to be dead after two minutes. */
  private static final int KEEPALIVE_INTERVAL_SECONDS = 15;

  private static final int KEEPALIVE_PROBES = 4;

  /** The same two minutes for bytes that nobody acknowledges; a Linux NFS client waits as long. */
  private static final int UNACKNOWLEDGED_MILLIS_MAX = 120_000;

  private RpcTcp() {}

  /**
   * No delay of small messages, keepalive, and an end to peers that do not answer.
   *
   * @return options for a listener or a client
   */
  public static TcpConfig config() {
    return new TcpConfig()
        .setReuseAddress(true)
        .setSoKeepAlive(true)
        .setOption(TcpOption.NODELAY, true)
        .setOption(TcpOption.KEEPIDLE, KEEPALIVE_IDLE_SECONDS)
        .setOption(TcpOption.KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS)
        .setOption(TcpOption.KEEPCNT, KEEPALIVE_PROBES)
        .setOption(TcpOption.USER_TIMEOUT, UNACKNOWLEDGED_MILLIS_MAX);
  }
}
