package org.nfsproxy.server.portmap;

import java.net.Inet6Address;
import java.net.InetAddress;

/** A transport in the four ways the binding protocols name it: RFC 1833, RFC 5665 section 4. */
enum Transport {
  // spotless:off
  //   protocol  netid of IPv4, IPv6  semantics          name
  TCP (6,        "tcp",  "tcp6",      Codes.COTS_ORD,    "tcp"),
  UDP (17,       "udp",  "udp6",      Codes.CLTS,        "udp");
  // spotless:on

  /** Values of r_nc_semantics, RFC 1833 section 2.1. */
  private static final class Codes {
    static final int CLTS = 1;
    static final int COTS_ORD = 3;
  }

  private final int protocol;
  private final String netidOfIpv4;
  private final String netidOfIpv6;
  private final int semantics;
  private final String protocolName;

  Transport(
      int protocol, String netidOfIpv4, String netidOfIpv6, int semantics, String protocolName) {
    this.protocol = protocol;
    this.netidOfIpv4 = netidOfIpv4;
    this.netidOfIpv6 = netidOfIpv6;
    this.semantics = semantics;
    this.protocolName = protocolName;
  }

  /** The number that portmap version 2 uses: the protocol field of an IP header. */
  int protocol() {
    return protocol;
  }

  /** The netid that rpcbind uses for an address of this family. */
  String netid(InetAddress address) {
    return address instanceof Inet6Address ? netidOfIpv6 : netidOfIpv4;
  }

  int semantics() {
    return semantics;
  }

  String protocolName() {
    return protocolName;
  }

  /** The family of an address, as r_nc_protofmly names it. */
  static String family(InetAddress address) {
    return address instanceof Inet6Address ? "inet6" : "inet";
  }
}
