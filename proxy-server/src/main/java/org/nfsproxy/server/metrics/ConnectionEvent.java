package org.nfsproxy.server.metrics;

/** What happens to client connections, and is counted. */
public enum ConnectionEvent {
  /** A client was accepted. */
  ACCEPTED,
  /** One was refused: {@code limits.connectionsMax}. */
  REFUSED_CONNECTIONS_MAX,
  /** One was refused: {@code limits.connectionsPerClientMax}. */
  REFUSED_PER_CLIENT_MAX,
  /** Somebody who is no balancer came to their port. */
  REFUSED_NOT_TRUSTED,
  /** A call had no reply when its connection ended. */
  CALL_LOST
}
