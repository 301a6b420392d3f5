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
    assertTrue(work.read(task("read")));
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
              work.read(task("read"));
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
    assertTrue(work.read(task("c")));
    assertTrue(work.read(task("d")));
    assertFalse(work.read(task("e")));
  }

  @Test
  void stop_dropsWhatIsNotBegun() {
    work.read(task("read"));
    work.order(task("order"));
    work.write(task("write"), 10);
    work.stop(1000);
    assertEquals(List.of("not read", "not order", "not write"), done);
    assertFalse(work.read(task("late")));
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
}
