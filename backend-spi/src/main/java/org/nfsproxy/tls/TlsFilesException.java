package org.nfsproxy.tls;

import java.util.Objects;
import org.nfsproxy.configuration.Problem;

/** A file of TLS cannot be used. The message says which, why, and what would be right. */
public final class TlsFilesException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /**
   * About one file.
   *
   * @param problem what is wrong with it
   */
  public TlsFilesException(Problem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  /**
   * The key that names the file.
   *
   * @return its path
   */
  public String key() {
    return problem.key();
  }

  /**
   * What is wrong, by its key.
   *
   * @return the problem
   */
  public Problem problem() {
    return problem;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage(), "it was given");
  }
}
