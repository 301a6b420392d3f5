package org.nfsproxy.backend.nfs.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReservedPortsTest {
  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress ORIGIN = new InetSocketAddress(LOCAL, 2049);

  private final ReservedPorts ports = new ReservedPorts();

  private int take(long nowNanos) {
    return ports.take(LOCAL, ORIGIN, 7, nowNanos);
  }

  @Test
  void allPorts_areTakenOnceEach_andThenNoneIsLeft() {
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < ReservedPorts.PORTS; i++) {
      int port = take(0);
      assertTrue(port >= 665 && port <= 1023, () -> "port " + port);
      taken.add(port);
    }
    assertEquals(359, taken.size());
    assertEquals(0, take(0));
    assertEquals(0, ports.left(LOCAL, ORIGIN, 0));
  }

  @Test
  void portThatCameBack_isTakenLast() {
    int first = take(0);
    ports.giveBack(LOCAL, ORIGIN, first, 0);
    for (int i = 1; i < ReservedPorts.PORTS; i++) {
      assertNotEquals(first, take(0));
    }
    assertEquals(first, take(0));
  }

  @Test
  void portThatSomebodyElseHas_isTriedAgainAfterTenSeconds() {
    int refused = take(0);
    ports.refused(LOCAL, ORIGIN, refused, 0);
    assertEquals(358, ports.left(LOCAL, ORIGIN, ReservedPorts.REFUSED_NANOS - 1));
    for (int i = 1; i < ReservedPorts.PORTS; i++) {
      assertNotEquals(refused, take(0));
    }
    assertEquals(0, take(ReservedPorts.REFUSED_NANOS - 1));
    assertEquals(refused, take(ReservedPorts.REFUSED_NANOS));
  }

  @Test
  void anotherPortOfTheOrigin_hasPortsOfItsOwn() {
    take(0);
    InetSocketAddress mount = new InetSocketAddress(LOCAL, 20048);
    assertEquals(358, ports.left(LOCAL, ORIGIN, 0));
    assertEquals(359, ports.left(LOCAL, mount, 0));
  }

  @Test
  void proxysOwnPorts_areWantedByNoClient() {
    Set<Integer> own = new HashSet<>();
    for (int i = 0; i < 8; i++) {
      own.add(ports.take(LOCAL, ORIGIN, ReservedPorts.OWN, 0));
    }
    for (int client = -1000; client < 1000; client++) {
      ReservedPorts others = new ReservedPorts();
      int wanted = others.take(LOCAL, ORIGIN, client, 0);
      assertTrue(!own.contains(wanted), () -> "port " + wanted);
    }
  }
}
