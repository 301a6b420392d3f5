package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class BusyClientsTest {
  private static final long SECOND = 1_000_000_000L;

  private final BusyClients clients = new BusyClients(new MeterBounds(4, 8, 100, 8));

  private static InetAddress address(int i) {
    try {
      byte[] bytes = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }

  private static void call(BusyClient client, int calls) {
    client.flow(0).counts.add(Flow.CALLS, calls);
    client.flow(0).pairs.add(3, 1, calls);
  }

  private void fill() {
    for (int i = 0; i < 4; i++) {
      call(clients.enter(address(i)), 100 * (i + 1));
    }
    clients.look(1, 0);
  }

  private long sum() {
    BusyClients.All all = clients.all();
    long sum = new FlowTotals(all.rest()).calls();
    for (BusyClient client : all.counted()) {
      sum += client.totals().calls();
    }
    return sum;
  }

  @Test
  void firstComers_haveAPlace_andKeepIt() {
    BusyClient first = clients.enter(address(0));
    assertNotNull(first);
    assertSame(first, clients.enter(address(0)));
    fill();
    assertNull(clients.enter(address(5)));
    assertSame(first, clients.enter(address(0)));
  }

  @Test
  void busierOne_getsThePlaceOfTheLeastBusy_andTheSumStays() {
    fill();
    BusyClient least = clients.enter(address(0));
    assertNull(clients.offer(address(5), 200, 0), "not twice as busy");
    BusyClient came = clients.offer(address(5), 300, 0);
    assertNotNull(came);
    assertTrue(least.isEvicted());
    assertEquals(4, clients.count());
    assertEquals(1000, sum());
    call(least, 5); // an event loop that has not seen it yet
    assertEquals(1005, sum());
    clients.look(10, 11 * SECOND);
    assertEquals(1005, sum());
    call(came, 7);
    assertEquals(1012, sum());
  }

  @Test
  void tenThousandAddresses_withACallEach_takeNobodysPlace() {
    fill();
    for (int i = 100; i < 10_100; i++) {
      assertNull(clients.offer(address(i), 1, 0));
    }
    for (int i = 0; i < 4; i++) {
      assertFalse(clients.enter(address(i)).isEvicted());
    }
  }

  @Test
  void busyStrangers_takeAQuarterOfThePlaces_betweenTwoLooks() {
    fill();
    assertNotNull(clients.offer(address(5), 100_000, 0));
    assertNull(clients.offer(address(6), 100_000, 0));
    clients.look(10, SECOND);
    assertNotNull(clients.offer(address(6), 100_000, SECOND));
  }

  @Test
  void idleClient_becomesLessBusyWithEachLook() {
    fill();
    for (int look = 0; look < 20; look++) {
      clients.look(10, look * SECOND);
    }
    assertNotNull(clients.offer(address(5), 2, 0));
  }
}
