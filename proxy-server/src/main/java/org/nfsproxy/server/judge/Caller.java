package org.nfsproxy.server.judge;

import java.net.InetAddress;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Security;

/**
 * Who calls, and how: what rules look at beside the export.
 *
 * @param address where the connection comes from
 * @param comparable the same, as rules compare it
 * @param security how the caller is known; null for a flavor that nobody here knows
 * @param version the version of NFS; null for one that nobody here knows
 */
record Caller(
    InetAddress address, ClientAddress comparable, Security security, NfsVersion version) {}
