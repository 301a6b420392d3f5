package org.nfsproxy.server.portmap;

import io.netty.util.NetUtil;
import java.net.InetAddress;

/** Addresses as rpcbind writes them: RFC 5665 section 5.2.3. */
public final class UniversalAddress {
  private UniversalAddress() {}

  /**
   * An address and a port: {@code 192.0.2.1.8.1}, {@code 2001:db8::1.8.1} for port 2049. The scope
   * of a link-local address means nothing to another host and is left out.
   */
  static String of(InetAddress address, int port) {
    return of(NetUtil.toAddressString(address), port);
  }

  /**
   * The same, of an address that is text already.
   *
   * @param port 0 to 65535
   * @return for example {@code 192.0.2.1.8.1}
   */
  public static String of(String address, int port) {
    return address + "." + (port >> 8) + "." + (port & 0xff);
  }
}
