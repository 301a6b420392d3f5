package org.nfsproxy.server.probe;

/** Which source ports a server takes for a filesystem. */
enum PortNeed {
  /** Any. */
  ANY,
  /** Those below 1024, {@code secure} of a Linux server. */
  RESERVED,
  /** Nobody knows. */
  UNKNOWN
}
