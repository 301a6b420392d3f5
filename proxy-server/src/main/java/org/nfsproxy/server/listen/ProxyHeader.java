package org.nfsproxy.server.listen;

import java.net.InetSocketAddress;

/**
 * What a balancer says about a connection.
 *
 * @param client the true client; null if the connection is the balancer's own (LOCAL, UNKNOWN)
 */
record ProxyHeader(InetSocketAddress client) {
  static final ProxyHeader OWN = new ProxyHeader(null);

  boolean isOwn() {
    return client == null;
  }
}
