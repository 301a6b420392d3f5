package org.nfsproxy.server.cache;

import org.jspecify.annotations.Nullable;

/** What other instances have said before a READ is sent. */
// What one of them brings is noted with the file, as what any source brings is.
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
