package org.nfsproxy.backend.nfs.tls;

/** Whether connections to the origin have TLS. */
public enum OriginTlsMode {
  /** None has. */
  OFF,
  /** All have; there is no connection without. */
  REQUIRE,
  /** Those have that the origin offers it for. */
  PREFER
}
