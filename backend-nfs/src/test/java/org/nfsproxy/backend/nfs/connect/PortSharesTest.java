package org.nfsproxy.backend.nfs.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class PortSharesTest {
  private static final int TOTAL = 359;

  private final PortShares shares = new PortShares(64);
  private int left = TOTAL;

  private static InetAddress client(int number) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
    } catch (UnknownHostException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }

  /** Takes all that a client may have, up to a bound; says how many. */
  private int takeAll(InetAddress who, int most) {
    int taken = 0;
    while (taken < most && shares.mayTake(who, left, TOTAL)) {
      shares.took(who);
      left--;
      taken++;
    }
    return taken;
  }

  @Test
  void oneAddressAlone_getsAllButAFew_andOneThatComesThenStillSome() {
    assertEquals(353, takeAll(client(1), TOTAL));
    assertEquals(4, takeAll(client(2), TOTAL));
    assertEquals(2, left);
  }

  @Test
  void oneAddressBesideOthers_leavesAMountForEach_atMostAQuarter() {
    for (int other = 2; other <= 4; other++) {
      takeAll(client(other), 1);
    }
    takeAll(client(1), TOTAL);
    assertEquals(2 + 4 + 3 * 16, left);
    assertEquals(4 + 3 * 16, takeAll(client(5), TOTAL));
  }

  @Test
  void manyAddresses_keepAQuarterForThoseThatHaveFew() {
    for (int other = 2; other <= 50; other++) {
      takeAll(client(other), 1);
    }
    takeAll(client(1), TOTAL);
    assertEquals(2 + TOTAL / 4, left);
    assertEquals(64, takeAll(client(51), TOTAL));
  }

  @Test
  void twoPorts_areTheProxysOwn() {
    assertEquals(1, takeAll(null, 1));
    for (int each = 1; each <= 120; each++) {
      takeAll(client(each), 3);
    }
    assertEquals(1, left);
    assertFalse(shares.mayTake(client(121), left, TOTAL));
    assertTrue(shares.mayTake(null, left, TOTAL));
    assertFalse(shares.mayTake(null, 0, TOTAL));
  }

  @Test
  void whatAClientGaveBack_countsNoMore() {
    takeAll(client(1), 64);
    shares.gaveBack(client(1));
    assertEquals(63, shares.of(client(1)));
    assertTrue(shares.mayTake(client(1), 3, TOTAL));
    shares.took(client(1));
    assertFalse(shares.mayTake(client(1), 3, TOTAL));
  }

  @Test
  void withoutABound_nothingIsKeptForOthers() {
    PortShares unbounded = new PortShares(0);
    unbounded.took(client(2));
    for (int i = 0; i < 300; i++) {
      unbounded.took(client(1));
    }
    assertTrue(unbounded.mayTake(client(1), 3, TOTAL));
    assertFalse(unbounded.mayTake(client(1), 2, TOTAL));
  }
}
