package org.nfsproxy.server.policy;

/** What may be done with an export's files. The order is from the widest to the narrowest. */
public enum Access {
  /** Read and write. */
  RW,
  /** Read. */
  RO,
  /** Nothing. */
  NONE
}
