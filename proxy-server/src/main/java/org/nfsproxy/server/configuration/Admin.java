package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * Where the administrator and the balancer look.
 *
 * @param enabled whether anything is served there
 * @param host an IP address or a name
 * @param port a TCP port; 0 for any
 */
public record Admin(boolean enabled, String host, int port) {
  static Admin read(Section section) {
    return new Admin(
        Keys.ADMIN_ENABLED.in(section), Keys.ADMIN_HOST.in(section), Keys.ADMIN_PORT.in(section));
  }
}
