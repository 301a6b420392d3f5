package org.nfsproxy.rpc;

/** Why a call was denied for its authentication, RFC 5531 section 9 ({@code auth_stat}). */
public enum AuthStatus {
  /** Not an error. */
  AUTH_OK,
  /** Bad credential: its seal is broken, or nobody here knows its flavor. */
  AUTH_BADCRED,
  /** The client should begin a new session. */
  AUTH_REJECTEDCRED,
  /** Bad verifier. */
  AUTH_BADVERF,
  /** The verifier is expired or replayed. */
  AUTH_REJECTEDVERF,
  /** Rejected for security reasons: the flavor is too weak here. */
  AUTH_TOOWEAK
}
