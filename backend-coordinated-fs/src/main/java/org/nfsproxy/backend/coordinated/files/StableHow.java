package org.nfsproxy.backend.coordinated.files;

/** {@code stable_how}, RFC 1813 section 3.3.7. The wire's number is the ordinal. */
public enum StableHow {
  /** May be lost until COMMIT. */
  UNSTABLE,
  /** The bytes, and what is needed to read them, survive a crash. */
  DATA_SYNC,
  /** Bytes and all attributes survive a crash. */
  FILE_SYNC
}
