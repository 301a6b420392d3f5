package org.nfsproxy.backend.nfs.tls;

import java.io.IOException;

/** A connection to the origin did not come to have TLS. */
public final class OriginTlsException extends IOException {
  private static final long serialVersionUID = 1L;

  private final OriginHandshake outcome;

  OriginTlsException(String server, OriginHandshake outcome, String detail) {
    super("no TLS with " + server + ": " + outcome.words() + " (" + detail + ')');
    this.outcome = outcome;
  }

  /** What kind of failure it is. */
  public OriginHandshake outcome() {
    return outcome;
  }
}
