package org.nfsproxy.backend.nfs.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class RecentFailuresTest {
  private static final OriginTlsException WHY =
      new OriginTlsException("origin", OriginHandshake.UNTRUSTED, "a stranger's");

  private final RecentFailures<String> failures = new RecentFailures<>(1_000);

  @Test
  void addressThatFailed_restsForAWhile_andItsNeighbourDoesNot() {
    failures.failed("a", WHY, 5);
    assertSame(WHY, failures.resting("a", 1_004));
    assertNull(failures.resting("b", 6));
    assertNull(failures.resting("a", 1_005));
  }

  @Test
  void addressThatIsWellAgain_doesNotRest() {
    failures.failed("a", WHY, 5);
    failures.failed("b", WHY, 5);
    failures.well("a");
    assertNull(failures.resting("a", 6));
    assertSame(WHY, failures.resting("b", 6));
  }

  @Test
  void moreAddressesThanAnyNameHas_areNotKept_untilOthersHaveRested() {
    for (int i = 0; i < RecentFailures.ADDRESSES_MAX; i++) {
      failures.failed("a" + i, WHY, 0);
    }
    failures.failed("one more", WHY, 10);
    assertNull(failures.resting("one more", 10));
    failures.failed("a1", WHY, 11);
    failures.failed("one more", WHY, 1_000);
    assertSame(WHY, failures.resting("one more", 1_001));
    assertEquals(WHY, failures.resting("a1", 1_001));
  }
}
