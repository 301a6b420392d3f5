package org.nfsproxy.server.listen;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Peer;

/**
 * A client connection as an administrator sees it, a moment ago.
 *
 * @param balancer who said so; null if the client came itself
 * @param peer what its connection tells of it: TLS, the names of a certificate
 * @param sinceMillis when it was accepted, of the epoch
 * @param versionBits bit n for the {@link NfsVersion} whose ordinal is n
 * @param identity what a client of NFSv4 takes the proxy for; null if it is none, as far as is
 *     known
 * @param calls calls that were judged
 * @param bytesIn bytes of calls
 * @param bytesOut bytes of replies and callbacks
 * @param originPort the port its calls leave from; 0 if there is none yet
 * @param leaving whether it is being drained
 */
public record ConnectedClient(
    InetSocketAddress address,
    @Nullable InetSocketAddress balancer,
    Peer peer,
    long sinceMillis,
    int versionBits,
    @Nullable Identity identity,
    long calls,
    long bytesIn,
    long bytesOut,
    int callsInFlight,
    int originPort,
    boolean leaving) {

  /**
   * The versions of NFS that were met.
   *
   * @return from the oldest on; empty before the first call
   */
  public List<NfsVersion> versions() {
    return Arrays.stream(NfsVersion.values())
        .filter(version -> (versionBits & 1 << version.ordinal()) != 0)
        .toList();
  }
}
