package org.nfsproxy.server.tls;

import java.util.Objects;
import org.nfsproxy.configuration.Problem;

/** A file of TLS cannot be used. The message says which, why, and what would be right. */
public final class TlsFilesException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String key;

  TlsFilesException(Problem problem) {
    super(problem.toString());
    this.key = problem.key();
  }

  /** The key that names the file. */
  public String key() {
    return key;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage(), "it was given");
  }
}
