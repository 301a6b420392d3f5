package org.nfsproxy.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WellnessTest {
  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final Wellness wellness =
      new Wellness(10_000, () -> TimeUnit.MILLISECONDS.toNanos(millis.get()), millis::get);

  @Test
  void instance_isAloneUntilAnotherIsThere() {
    assertEquals(new Wellness.Now(false, "starting", 1_000_000), wellness.now());
    millis.addAndGet(1);
    wellness.up(true, 0);
    assertEquals("no other instance is there", wellness.now().why());
    assertEquals(1_000_000, wellness.now().sinceMillis(), "it was alone all the time");
    millis.addAndGet(1);
    wellness.others(1);
    assertEquals(new Wellness.Now(true, "", 1_000_002), wellness.now());
  }

  @Test
  void trouble_isForAWhile() {
    wellness.up(true, 2);
    millis.addAndGet(500);
    wellness.trouble("late");
    assertEquals(new Wellness.Now(false, "late", 1_000_500), wellness.now());
    millis.addAndGet(9_999);
    assertFalse(wellness.isJoined());
    millis.addAndGet(1);
    assertTrue(wellness.isJoined());
    assertEquals(1_010_500, wellness.now().sinceMillis());
  }

  @Test
  void troubleAgain_beginsTheWhileAnew() {
    wellness.up(true, 2);
    wellness.trouble("late");
    millis.addAndGet(9_000);
    wellness.trouble("an instance left");
    millis.addAndGet(9_000);
    assertEquals("an instance left", wellness.now().why());
    millis.addAndGet(1_000);
    assertTrue(wellness.isJoined());
  }
}
