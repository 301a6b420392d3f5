package org.nfsproxy.backend;

/** The origin answered a question with a status that is not NFS_OK. */
public final class NfsStatusException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int status;

  /**
   * Keeps the status.
   *
   * @param status the number on the wire, for example 70 for STALE
   */
  public NfsStatusException(int status) {
    super("NFS status " + status, null, false, false);
    this.status = status;
  }

  /**
   * The status.
   *
   * @return the number on the wire
   */
  public int status() {
    return status;
  }
}
