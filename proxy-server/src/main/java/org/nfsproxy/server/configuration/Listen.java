package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * Where clients are accepted.
 *
 * @param host an IP address or a name
 * @param port the TCP port of all programs; 0 for any
 * @param proxyProtocol where balancers are accepted that say who the client is
 * @param tls whether clients have TLS at both
 */
public record Listen(
    String host, int port, Portmap portmap, ProxyProtocol proxyProtocol, ListenTls tls) {

  /**
   * The portmapper, RFC 1833.
   *
   * @param port its port, TCP and UDP; 0 for any
   * @param advertise the IP address its answers name; empty for the one the caller reached
   */
  public record Portmap(boolean enabled, int port, String advertise) {
    static Portmap read(Section section) {
      return new Portmap(
          Keys.PORTMAP_ENABLED.in(section),
          Keys.PORTMAP_PORT.in(section),
          Keys.PORTMAP_ADVERTISE.in(section));
    }
  }

  static Listen read(Section section) {
    return new Listen(
        Keys.LISTEN_HOST.in(section),
        Keys.LISTEN_PORT.in(section),
        Portmap.read(section.section("portmap")),
        ProxyProtocol.read(section.section("proxyProtocol")),
        ListenTls.read(section.section("tls")));
  }
}
