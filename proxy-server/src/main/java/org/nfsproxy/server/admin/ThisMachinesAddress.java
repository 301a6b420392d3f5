package org.nfsproxy.server.admin;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Whether somebody is on this machine, told by his address. */
// Nobody else can have it: Linux drops what comes from outside with an address of its own.
final class ThisMachinesAddress {
  private ThisMachinesAddress() {}

  static boolean is(SocketAddress remote) {
    return is(of(remote));
  }

  static boolean is(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      return false;
    }
  }

  /** The address of a connection's other end. */
  static InetAddress of(SocketAddress remote) {
    try {
      return InetAddress.getByAddress(
          NetUtil.createByteArrayFromIpAddressString(remote.hostAddress()));
    } catch (UnknownHostException never) {
      throw new IllegalStateException("it has 4 or 16 bytes", never);
    }
  }
}
