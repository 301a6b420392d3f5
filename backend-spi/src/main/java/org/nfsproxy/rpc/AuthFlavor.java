package org.nfsproxy.rpc;

/** Numbers of authentication flavors, RFC 5531 section 8.2. */
public final class AuthFlavor {
  /** No authentication. */
  public static final int AUTH_NONE = 0;

  /** Numeric uid and gids, as the client claims them. */
  public static final int AUTH_SYS = 1;

  /** A short hand for AUTH_SYS that a server gave out. */
  public static final int AUTH_SHORT = 2;

  /** Kerberos and its kin, RFC 2203: opaque to a proxy. */
  public static final int RPCSEC_GSS = 6;

  /** The probe for RPC-with-TLS, RFC 9289. */
  public static final int AUTH_TLS = 7;

  /** The longest body of a credential or verifier in bytes, RFC 5531 section 8.2. */
  public static final int BODY_BYTES_MAX = 400;

  private AuthFlavor() {}
}
