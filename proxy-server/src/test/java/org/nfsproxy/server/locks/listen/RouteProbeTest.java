package org.nfsproxy.server.locks.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Test;

/** One socket tells what a new one for each would. */
class RouteProbeTest {
  private static InetAddress byANewSocket(InetAddress client) throws Exception {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.connect(new InetSocketAddress(client, 700));
      return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
    }
  }

  @Test
  void oneProbe_tellsOfEachClient_whatANewSocketWould() throws Exception {
    RouteProbe probe = new RouteProbe();
    for (int round = 0; round < 3; round++) {
      for (String client : new String[] {"127.0.0.1", "127.0.0.9", "::1", "127.1.2.3"}) {
        InetAddress address = InetAddress.getByName(client);
        if (client.equals("::1") && NetworkInterface.getByInetAddress(address) == null) {
          continue;
        }
        assertEquals(byANewSocket(address), probe.towards(address, 700), client);
      }
      assertEquals(null, probe.towards(InetAddress.getByName("255.255.255.255"), 700));
    }
    probe.close();
    assertEquals(null, probe.towards(InetAddress.getByName("127.0.0.1"), 700));
  }
}
