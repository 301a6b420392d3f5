package org.nfsproxy.server.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.ClientMatch;

/** Which of this machine's addresses others reach it at. */
final class OwnAddress {
  private OwnAddress() {}

  /**
   * The address that a configuration means.
   *
   * @param host an address, or a network
   * @return the address, or the first of this machine's that is in the network
   * @throws IOException if this machine has no such address
   */
  static InetAddress of(String host) throws IOException {
    if (Hosts.isAddress(host)) {
      return InetAddress.getByName(host);
    }
    ClientMatch network = ClientMatch.of(List.of(host));
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> network.matches(ClientAddress.of(address)))
        .findFirst()
        .orElseThrow(() -> new IOException("no address of this machine is in " + host));
  }
}
