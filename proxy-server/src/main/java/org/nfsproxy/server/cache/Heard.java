package org.nfsproxy.server.cache;

import org.jspecify.annotations.Nullable;

/** What other instances have said before a READ is sent. */
// Where data are coming from one of them, that is noted with the file, as it is of any other
// source;
// nothing is left to say here.
public final class Heard {
  /** Nothing, or what everybody can see by now. */
  public static final Heard NOTHING = new Heard(null, null, null);

  /** The version that this READ is to fetch; null if it need not. */
  final @Nullable CachedFile known;

  /** What others wait for here until its reply has come; null for nothing. */
  final @Nullable Coming fetch;

  /** What others wait for elsewhere; null for nothing. */
  final Neighbourhood.@Nullable Grant grant;

  Heard(@Nullable CachedFile known, @Nullable Coming fetch, Neighbourhood.@Nullable Grant grant) {
    this.known = known;
    this.fetch = fetch;
    this.grant = grant;
  }
}
