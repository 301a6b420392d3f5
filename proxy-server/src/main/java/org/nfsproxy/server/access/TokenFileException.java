package org.nfsproxy.server.access;

import java.util.Objects;
import org.nfsproxy.configuration.Problem;

/** A file with a token cannot be used. The message says which, why, and what would be right. */
public final class TokenFileException extends Exception {
  private static final long serialVersionUID = 1L;

  TokenFileException(Problem problem) {
    super(problem.toString());
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage(), "it was given");
  }
}
