package org.nfsproxy.backend.nfs.connect;

/**
 * Whether connections to the origin leave from ports below 1024, as Linux origins demand unless an
 * export says {@code insecure} (RFC 2623 section 2.1).
 */
public enum ReservedPortPolicy {
  /** From such a port where one can be had, else from any, with a warning. */
  AUTO,
  /** From such a port or not at all. */
  ALWAYS,
  /** From any port. */
  NEVER
}
