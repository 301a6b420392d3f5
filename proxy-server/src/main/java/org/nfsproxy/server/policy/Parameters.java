package org.nfsproxy.server.policy;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What holds for one export.
 *
 * @param clients who may use it at all
 * @param access what may be done with its files
 * @param squashing whose identity is taken away
 * @param security how a caller must be known
 * @param versions the versions of NFS in which it is served
 * @param hidden whether it is as if it were not there
 * @param opaque what becomes of a call that GSS keeps from being judged
 * @param transport how a connection must be protected
 * @param certificates the names of which a caller's certificate must have one
 * @param cache whether what is read of its files is kept
 */
public record Parameters(
    ClientMatch clients,
    Access access,
    Squashing squashing,
    Set<Security> security,
    Set<NfsVersion> versions,
    boolean hidden,
    UnreadableCalls opaque,
    Set<TransportSecurity> transport,
    CertificateMatch certificates,
    Caching cache) {

  /**
   * Parameters.
   *
   * @param security copied
   * @param versions copied
   * @param transport copied
   */
  public Parameters {
    security = copy(security, Security.class);
    versions = copy(versions, NfsVersion.class);
    transport = copy(transport, TransportSecurity.class);
  }

  /**
   * What refuses whatever one of both refuses, each key by itself.
   *
   * @return the stricter of both
   */
  public Parameters and(Parameters other) {
    return equals(other) ? this : Strictest.ofBoth(this, other);
  }

  /** The same with another {@code cache}, of which no decision depends. */
  Parameters with(Caching otherCache) {
    return new Parameters(
        clients,
        access,
        squashing,
        security,
        versions,
        hidden,
        opaque,
        transport,
        certificates,
        otherCache);
  }

  private static <E extends Enum<E>> Set<E> copy(Set<E> set, Class<E> type) {
    EnumSet<E> copy = EnumSet.noneOf(type);
    copy.addAll(set);
    return Collections.unmodifiableSet(copy);
  }
}
