package org.nfsproxy.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClusterHealthTest {
  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final ClusterHealth health =
      new ClusterHealth(10_000, () -> TimeUnit.MILLISECONDS.toNanos(millis.get()), millis::get);

  @Test
  void instance_isAloneUntilAnotherIsThere() {
    assertEquals(new ClusterHealth.Now(false, "starting", 1_000_000), health.now());
    millis.addAndGet(1);
    health.up(true, 0);
    assertEquals("no other instance is there", health.now().why());
    assertEquals(1_000_000, health.now().sinceMillis(), "it was alone all the time");
    millis.addAndGet(1);
    health.others(1);
    assertEquals(new ClusterHealth.Now(true, "", 1_000_002), health.now());
  }

  @Test
  void trouble_isForAWhile() {
    health.up(true, 2);
    millis.addAndGet(500);
    health.trouble("late");
    assertEquals(new ClusterHealth.Now(false, "late", 1_000_500), health.now());
    millis.addAndGet(9_999);
    assertFalse(health.isJoined());
    millis.addAndGet(1);
    assertTrue(health.isJoined());
    assertEquals(1_010_500, health.now().sinceMillis());
  }

  @Test
  void troubleAgain_beginsTheWhileAnew() {
    health.up(true, 2);
    health.trouble("late");
    millis.addAndGet(9_000);
    health.trouble("an instance left");
    millis.addAndGet(9_000);
    assertEquals("an instance left", health.now().why());
    millis.addAndGet(1_000);
    assertTrue(health.isJoined());
  }
}
