package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.policy.ClientMatch;

/**
 * Where balancers are accepted that say who the client is.
 *
 * @param trusted whose word is taken; on an empty list is nobody, and nothing is listened on
 * @param host an IP address or a name
 * @param port a TCP port; 0 for any
 */
public record ProxyProtocol(ClientMatch trusted, String host, int port, int headerMillis) {
  static ProxyProtocol read(Section section) {
    warnWithoutTrusted(section);
    return new ProxyProtocol(
        ClientMatch.of(Keys.PROXY_PROTOCOL_TRUSTED.in(section)),
        Keys.PROXY_PROTOCOL_HOST.in(section),
        Keys.PROXY_PROTOCOL_PORT.in(section),
        Keys.PROXY_PROTOCOL_HEADER_MILLIS.in(section));
  }

  // Whoever gives a port wants it to be opened. An empty list says that it is not to be.
  private static void warnWithoutTrusted(Section section) {
    if (section.isGiven(Keys.PROXY_PROTOCOL_PORT.name())
        && !section.isGiven(Keys.PROXY_PROTOCOL_TRUSTED.name())) {
      section.warn(
          Keys.PROXY_PROTOCOL_PORT.name(),
          "is not opened, since nobody may use it: name the balancers in"
              + " listen.proxyProtocol.trusted, or set that to [] if it is meant");
    }
  }

  /**
   * Whether it is listened for.
   *
   * @return true if anybody is trusted
   */
  public boolean enabled() {
    return !trusted.texts().isEmpty();
  }
}
