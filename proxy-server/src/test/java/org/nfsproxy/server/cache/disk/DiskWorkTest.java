package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskWorkTest {
  private final List<String> done = new ArrayList<>();
  private final DiskWork work = new DiskWork(2, 100);

  private DiskTask task(String name) {
    return task(name, () -> {});
  }

  private DiskTask task(String name, Runnable also) {
    return new DiskTask() {
      @Override
      public void run() {
        done.add(name);
        also.run();
      }

      @Override
      public void drop() {
        done.add("not " + name);
      }
    };
  }

  @Test
  void reads_goBeforeOrders_andThoseBeforeWrites() {
    assertTrue(work.write(task("write"), 100));
    work.order(task("order"));
    assertTrue(work.read("a", task("read")));
    while (work.runOne()) {
      // on
    }
    assertEquals(List.of("read", "order", "write"), done);
    assertEquals(0, work.writeBytes());
  }

  @Test
  void oneWritesAtATime_whileOthersRead() {
    List<Boolean> beside = new ArrayList<>();
    work.write(
        task(
            "first",
            () -> {
              beside.add(work.runOne());
              work.read("a", task("read"));
              beside.add(work.runOne());
            }),
        10);
    work.write(task("second"), 10);
    assertTrue(work.runOne());
    assertEquals(List.of(false, true), beside);
    assertTrue(work.runOne());
    assertEquals(List.of("first", "read", "second"), done);
  }

  @Test
  void bounds_hold() {
    assertTrue(work.write(task("a"), 60));
    assertFalse(work.write(task("b"), 60));
    assertTrue(work.read("a", task("c")));
    assertTrue(work.read("b", task("d")));
    assertFalse(work.read("c", task("e")));
  }

  @Test
  void stop_dropsWhatIsNotBegun() {
    work.read("a", task("read"));
    work.order(task("order"));
    work.write(task("write"), 10);
    work.stop(1000);
    assertEquals(List.of("not read", "not order", "not write"), done);
    assertFalse(work.read("a", task("late")));
    assertFalse(work.write(task("late"), 1));
    assertFalse(work.runOne());
  }

  @Test
  void whatThrows_endsNothingElse() {
    work.write(
        task(
            "bug",
            () -> {
              throw new IllegalStateException("a bug");
            }),
        10);
    work.write(task("next"), 10);
    assertTrue(work.runOne());
    assertTrue(work.runOne());
    assertEquals(List.of("bug", "next"), done);
  }

  @Test
  void whoeverAsksForMuch_leavesPlacesForOthers() {
    DiskWork large = new DiskWork(256, 100);
    assertEquals(128, fill(large, "greedy"));
    assertEquals(64, fill(large, "another"));
    assertEquals(32, fill(large, "a third"));
    for (int client = 0; client < 10; client++) {
      assertTrue(large.read(client, task("one")), "client " + client);
    }
  }

  @Test
  void whoeverAsksForMuch_keepsNobodyWaitingBehindAllOfIt() {
    DiskWork large = new DiskWork(256, 100);
    fill(large, "greedy");
    assertTrue(large.read("b", task("first of b")));
    assertTrue(large.read("b", task("second of b")));
    assertTrue(large.read("c", task("first of c")));
    for (int i = 0; i < 6; i++) {
      large.runOne();
    }
    assertEquals(
        List.of("greedy", "first of b", "first of c", "greedy", "second of b", "greedy"), done);
    large.stop(1);
  }

  private int fill(DiskWork large, Object asker) {
    int taken = 0;
    while (large.read(asker, task(asker.toString()))) {
      taken++;
    }
    return taken;
  }
}
