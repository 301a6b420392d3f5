package org.nfsproxy.rpc;

/** A byte stream that cannot go on: no record can be found in it any more. Has no stack trace. */
public final class RecordException extends RuntimeException {
  /**
   * Says what was wrong.
   *
   * @param message what was found, and what the bound was
   */
  public RecordException(String message) {
    super(message, null, false, false);
  }
}
