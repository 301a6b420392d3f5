package org.nfsproxy.server.metrics;

import java.util.Locale;

/** Why the proxy refuses a call, by the key that an administrator would look at. */
public enum Refused {
  /** {@code hidden}: it is as if the export were not there. */
  HIDDEN,
  /** {@code clients}: the client is on no list. */
  CLIENTS,
  /** {@code access}: nobody has access, or it writes where only reading is allowed. */
  ACCESS,
  /** {@code versions}: not in this version. */
  VERSIONS,
  /** {@code security}: not with this flavor. */
  SECURITY,
  /** {@code transport}: the connection is not protected as it must be. */
  TRANSPORT,
  /** {@code certificates}: the client's certificate has none of the names. */
  CERTIFICATES,
  /** {@code opaque}: Kerberos keeps a rule from being applied. */
  OPAQUE,
  /** {@code calls.unknownOperations}: an operation that cannot be judged. */
  UNKNOWN_OPERATIONS,
  /** It would lead the client to another server. */
  REDIRECTION,
  /** Servers are known to read it otherwise than the RFCs have it. */
  READ_OTHERWISE,
  /** The origin said no when it was asked where the call leads. */
  ORIGIN;

  /**
   * What metrics, pages and the audit log call it.
   *
   * @return for example {@code unknown_operations}
   */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The number that a call is counted with.
   *
   * @return above 0
   */
  public int number() {
    return ordinal() + 1;
  }
}
