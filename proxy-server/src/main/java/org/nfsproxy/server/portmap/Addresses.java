package org.nfsproxy.server.portmap;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** Addresses of this host, as callers know them. */
final class Addresses {
  private Addresses() {}

  /**
   * The address that a text spells; names are never looked up. An IPv4 address mapped into IPv6
   * comes out as IPv4, and without its scope, which means nothing to others.
   */
  static Optional<InetAddress> parse(String text) {
    int scope = text.indexOf('%');
    byte[] bytes =
        NetUtil.createByteArrayFromIpAddressString(scope < 0 ? text : text.substring(0, scope));
    return bytes == null ? Optional.empty() : of(bytes);
  }

  private static Optional<InetAddress> of(byte[] bytes) {
    try {
      return Optional.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException impossible) {
      return Optional.empty();
    }
  }

  /**
   * The address of ours from which a datagram to a peer leaves. Where we listen on all addresses
   * nothing tells which one a datagram came to; this is the one its reply will come from, and a
   * caller who asked another does not hear that reply anyway.
   */
  // Connecting a datagram socket sends nothing: the system looks up the route and sets the address.
  static Optional<InetAddress> towards(SocketAddress peer) {
    Optional<InetAddress> address = parse(peer.hostAddress());
    if (address.isEmpty()) {
      return Optional.empty();
    }
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.connect(new InetSocketAddress(address.get(), peer.port()));
      InetAddress local = ((InetSocketAddress) channel.getLocalAddress()).getAddress();
      return of(local.getAddress());
    } catch (IOException noRoute) {
      return Optional.empty();
    }
  }
}
