package org.nfsproxy.server.metrics;

/** What happens to client connections, and is counted here; closes are counted by listeners. */
public enum ConnectionEvent {
  /** A client was accepted. */
  ACCEPTED,
  /** A call had no reply when its connection ended. */
  CALL_LOST
}
