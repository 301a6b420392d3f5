package org.nfsproxy.server.cache;

/** No data are kept of a file, by the rules. */
final class NotKeptException extends Exception {
  private static final long serialVersionUID = 1L;

  NotKeptException() {
    super(
        "`cache` is off for the export that it is in, by exports.parameters or a rule; or somewhere,"
            + " and the origin does not tell which export this is");
  }
}
