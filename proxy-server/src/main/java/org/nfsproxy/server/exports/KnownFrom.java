package org.nfsproxy.server.exports;

/** How an export came to be known. */
public enum KnownFrom {
  /** It is the root of the namespace. */
  ROOT,
  /** The origin listed it: MOUNT's list, or its NFSv4 root. */
  LIST,
  /** A search found it, for the sake of a handle that nobody could place. */
  SEARCH,
  /** A rule of the configuration names its path. */
  RULE,
  /** A call, or a reply, had a handle in it. */
  CALL,
  /** Another instance told of it, and the origin said that it is so. */
  FLEET
}
