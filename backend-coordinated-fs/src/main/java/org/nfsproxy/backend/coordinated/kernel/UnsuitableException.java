package org.nfsproxy.backend.coordinated.kernel;

/** What was configured cannot be served on this machine. The message says why and the cure. */
public final class UnsuitableException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * For an administrator to read.
   *
   * @param message why, and what to do about it
   */
  public UnsuitableException(String message) {
    super(message, null, false, false);
  }
}
