package org.nfsproxy.server.probe;

/** What a finding asks of the administrator, in rising order. */
enum Severity {
  /** Nothing. */
  OK,
  /** To be known: something is less than it could be, and works. */
  NOTE,
  /** To be changed, at the origin or in the proxy's configuration. */
  CHANGE,
  /** The origin cannot be re-exported like this. */
  STOP
}
