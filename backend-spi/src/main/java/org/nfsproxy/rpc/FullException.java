package org.nfsproxy.rpc;

import java.io.IOException;

/** A call was not sent, since its connection holds all it may. The connection is as it was. */
public final class FullException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * For one call.
   *
   * @param message which connection, and what it holds
   */
  public FullException(String message) {
    super(message);
  }
}
