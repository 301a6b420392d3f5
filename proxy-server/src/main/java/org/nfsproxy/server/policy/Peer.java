package org.nfsproxy.server.policy;

import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection, as far as rules look at it.
 *
 * @param names what its certificate calls it; null unless the transport is {@link
 *     TransportSecurity#MTLS}
 */
// Made when a connection is accepted and once more when its handshake has ended, so that nothing is
// read for a call.
public record Peer(ClientAddress address, TransportSecurity transport, @Nullable PeerNames names) {
  /** One that has no TLS. */
  public static Peer plain(ClientAddress address) {
    return new Peer(address, TransportSecurity.NONE, null);
  }

  /**
   * One that has.
   *
   * @param names what its certificate calls it; null if it has shown none
   */
  public static Peer secured(ClientAddress address, @Nullable PeerNames names) {
    return new Peer(address, names == null ? TransportSecurity.TLS : TransportSecurity.MTLS, names);
  }
}
