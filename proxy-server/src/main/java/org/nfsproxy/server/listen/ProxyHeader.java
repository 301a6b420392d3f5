package org.nfsproxy.server.listen;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a balancer says about a connection.
 *
 * @param client the true client; null if the connection is the balancer's own (LOCAL, UNKNOWN)
 */
record ProxyHeader(@Nullable InetSocketAddress client) {
  static final ProxyHeader OWN = new ProxyHeader(null);

  boolean isOwn() {
    return client == null;
  }
}
