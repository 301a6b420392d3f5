package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.policy.ClientMatch;

/**
 * Where the administrator and the balancer look.
 *
 * @param enabled whether anything is served there
 * @param host an IP address or a name
 * @param port a TCP port; 0 for any
 * @param actionsFrom who may do more than read
 */
public record Admin(boolean enabled, String host, int port, ClientMatch actionsFrom) {
  static Admin read(Section section) {
    return new Admin(
        Keys.ADMIN_ENABLED.in(section),
        Keys.ADMIN_HOST.in(section),
        Keys.ADMIN_PORT.in(section),
        ClientMatch.of(Keys.ADMIN_ACTIONS_FROM.in(section)));
  }
}
