package org.nfsproxy.server.judge;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.call.LastCaller;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.Security;

/**
 * Who calls, and how: what rules look at beside the export.
 *
 * @param port of its connection, which no rule looks at; 0 if nobody said
 * @param peer what its connection tells of it
 * @param security null for a flavor that nobody here knows
 * @param version null for one that nobody here knows, or under RPCSEC_GSS
 */
// A client calls the same way again and again, so the last one is remembered with its batch and
// most calls make none.
record Caller(
    InetAddress address,
    int port,
    Peer peer,
    @Nullable Security security,
    @Nullable NfsVersion version)
    implements LastCaller {
  /** Whoever calls from there, before it is known how. */
  static Caller from(InetAddress address, int port, Peer peer) {
    return new Caller(address, port, peer, null, null);
  }

  /** This one, if it calls in this way, else another one of the same client. */
  Caller calling(@Nullable Security security, @Nullable NfsVersion version) {
    return this.security == security && this.version == version
        ? this
        : new Caller(address, port, peer, security, version);
  }
}
