package org.nfsproxy.server.cache;

/** No data are kept of a file, by the rules. */
final class NotKeptException extends Exception {
  private static final long serialVersionUID = 1L;

  NotKeptException() {
    super(
        "a rule, or exports.parameters, has `cache` off where it is; or anywhere, and the origin does"
            + " not tell where it is");
  }
}
