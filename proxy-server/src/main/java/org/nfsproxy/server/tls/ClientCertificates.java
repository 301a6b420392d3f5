package org.nfsproxy.server.tls;

/** Whether clients are asked for a certificate. */
public enum ClientCertificates {
  /** None is asked for. */
  NONE,
  /** One is asked for; a client without one is served, as one that has shown none. */
  ASK,
  /** A handshake without one fails. */
  REQUIRE
}
