package org.nfsproxy.backend.coordinated.files;

/** An operation on files failed, for a reason that has an NFS status. Carries no stack trace. */
public final class FilesException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Nfs3Status status;

  /**
   * Keeps the status.
   *
   * @param status why; not {@link Nfs3Status#NFS3_OK}
   */
  public FilesException(Nfs3Status status) {
    super(status.name(), null, false, false);
    this.status = status;
  }

  /**
   * Why.
   *
   * @return the status
   */
  public Nfs3Status status() {
    return status;
  }
}
