package org.nfsproxy.server.configuration;

/** What becomes of a client that asks for TLS, and of one that does not. */
public enum TlsMode {
  /** There is none. */
  OFF,
  /** Who asks for it has it. */
  OFFER,
  /** Who has none, may do no more than ask, and mount. */
  REQUIRE
}
