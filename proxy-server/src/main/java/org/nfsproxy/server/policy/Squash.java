package org.nfsproxy.server.policy;

/** Whose identity is taken away, as exports(5) has it. */
public enum Squash {
  /** Nobody's. */
  NONE,
  /** Root's: uid 0, gid 0 and each supplementary gid 0 become the anonymous ones. */
  ROOT,
  /** Everybody's: all become the anonymous user, without supplementary groups. */
  ALL
}
