package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/** The addresses that this machine's interfaces have. */
final class OwnAddresses {
  private OwnAddresses() {}

  /**
   * Those of now, but for loopback's. Asks the system, which may take a moment.
   *
   * @throws IllegalStateException if it does not say
   */
  static Set<InetAddress> now() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .collect(Collectors.toUnmodifiableSet());
    } catch (SocketException unknown) {
      throw new IllegalStateException("the interfaces of this machine", unknown);
    }
  }
}
