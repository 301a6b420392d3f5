package org.nfsproxy.server.judge;

import java.net.InetAddress;
import org.nfsproxy.server.call.LastCaller;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Security;

/** Who calls, and how: what rules look at beside the export. */
// A client calls the same way again and again, so the last one is remembered with its batch and
// most calls make none.
record Caller(InetAddress address, ClientAddress comparable, Security security, NfsVersion version)
    implements LastCaller {
  /** This one, if it calls in this way, else another one of the same client. */
  Caller calling(Security security, NfsVersion version) {
    return this.security == security && this.version == version
        ? this
        : new Caller(address, comparable, security, version);
  }
}
