package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentLinesTest {
  private final AtomicLong clock = new AtomicLong(1000);
  private final RecentLines recent = new RecentLines(clock::getAndIncrement);

  @Test
  void lines_areNewestFirst_withTheirTimes() {
    recent.add("10.0.0.1", "one");
    recent.add("10.0.0.2", "two");
    assertEquals(
        List.of(
            new RecentLines.Line(1001, "10.0.0.2", "two"),
            new RecentLines.Line(1000, "10.0.0.1", "one")),
        recent.newestFirst());
  }

  @Test
  void oneClient_pushesOutNoOther() {
    recent.add("10.0.0.1", "honest");
    for (int i = 0; i < 1000; i++) {
      recent.add("10.0.0.2", "loud " + i);
    }
    List<RecentLines.Line> lines = recent.newestFirst();
    assertEquals(9, lines.size());
    assertEquals("loud 999", lines.get(0).text());
    assertEquals("loud 992", lines.get(7).text());
    assertEquals("honest", lines.get(8).text());
  }

  @Test
  void manyClients_andLongLines_areBounded() {
    for (int i = 0; i < 1000; i++) {
      recent.add("client " + i, "x".repeat(100_000));
    }
    assertEquals(64, recent.newestFirst().size());
    assertEquals(601, recent.newestFirst().get(0).text().length());
  }
}
