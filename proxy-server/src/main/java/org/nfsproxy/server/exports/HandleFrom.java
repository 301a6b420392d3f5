package org.nfsproxy.server.exports;

/** Where the handle stood of which a reply says what filesystem it is in. */
// An origin answers a call that it takes for one it has answered before from a cache: a slot's, a
// duplicate request's. Then the attributes in the reply are of a handle in another call. So what
// a reply says of a handle in its call is good enough to count calls by, and no rule rests on it:
// the origin is asked. What stands together in one reply belongs together.
public enum HandleFrom {
  /** Beside its attributes, in the reply. */
  REPLY,
  /** In the call. */
  CALL
}
