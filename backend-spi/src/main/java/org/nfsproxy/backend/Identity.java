package org.nfsproxy.backend;

/** What a client that reaches an origin through the proxy takes it for. */
public enum Identity {
  /**
   * A server of its own: what clients and origin call themselves is marked on its way to the other
   * side, so that a client which mounts both the origin and the proxy keeps them apart.
   */
  OWN,
  /** The origin itself: nothing that tells who is who is changed. */
  ORIGIN
}
