package org.nfsproxy.rpc;

/** A byte stream that cannot go on: no record can be found in it any more. Has no stack trace. */
public final class RecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String message;

  /**
   * Says what was wrong.
   *
   * @param message what was found, and what the bound was
   */
  public RecordException(String message) {
    super(message, null, false, false);
    this.message = message;
  }

  /** What was wrong; never null, unlike that of others. */
  @Override
  public String getMessage() {
    return message;
  }
}
