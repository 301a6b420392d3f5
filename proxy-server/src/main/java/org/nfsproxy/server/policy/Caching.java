package org.nfsproxy.server.policy;

/** Whether data that were read of an export's files are kept, where there is a cache. */
// The order is that of Strictest: what may be kept somewhere else is not kept where nobody knows.
public enum Caching {
  /** READs pass as they are, and nothing is kept. */
  OFF,
  /** They go through the cache. */
  ON
}
