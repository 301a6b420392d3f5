package org.nfsproxy.server.configuration;

/** What becomes of a call that holds an operation no table has. */
public enum UnknownOperations {
  /** The origin answers it. */
  FORWARD,
  /** The proxy refuses it. */
  REFUSE
}
