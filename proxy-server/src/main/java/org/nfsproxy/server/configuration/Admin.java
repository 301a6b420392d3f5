package org.nfsproxy.server.configuration;

import java.util.List;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.policy.ClientMatch;

/**
 * Where the administrator and the balancer look.
 *
 * @param enabled whether anything is served there
 * @param host an IP address or a name
 * @param port a TCP port; 0 for any
 * @param hosts further names by which it may be asked
 * @param actionsFrom who may do more than read
 * @param page what is shown to those who watch
 */
public record Admin(
    boolean enabled,
    String host,
    int port,
    List<String> hosts,
    ClientMatch actionsFrom,
    LivePage page) {
  static Admin read(Section section) {
    return new Admin(
        Keys.ADMIN_ENABLED.in(section),
        Keys.ADMIN_HOST.in(section),
        Keys.ADMIN_PORT.in(section),
        Keys.ADMIN_HOSTS.in(section),
        ClientMatch.of(Keys.ADMIN_ACTIONS_FROM.in(section)),
        LivePage.read(section.section("page")));
  }
}
