package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private static final int PATIENCE_SECONDS = 20;

  private static Worker started() {
    Worker worker = new Worker("worker under test");
    worker.start();
    return worker;
  }

  private static void awaitEnd(Worker worker) throws InterruptedException {
    worker.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    assertFalse(worker.isAlive(), "it goes on");
  }

  @Test
  void eachTask_isDoneInItsOrder_howeverOftenTheThreadFellAsleep() throws Exception {
    Worker worker = started();
    for (int round = 0; round < 2000; round++) {
      CountDownLatch done = new CountDownLatch(3);
      for (int left = 3; left > 0; left--) {
        int expected = left;
        worker.execute(
            () -> {
              if (done.getCount() == expected) {
                done.countDown();
              }
            });
      }
      assertTrue(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "round " + round);
    }
    worker.close();
    awaitEnd(worker);
  }

  @Test
  void tasksOfManyThreads_areAllDone() throws Exception {
    Worker worker = started();
    AtomicInteger sum = new AtomicInteger();
    Thread[] givers = new Thread[4];
    for (int i = 0; i < givers.length; i++) {
      givers[i] =
          new Thread(
              () -> {
                for (int task = 0; task < 1000; task++) {
                  worker.execute(sum::incrementAndGet);
                }
              });
      givers[i].start();
    }
    for (Thread giver : givers) {
      giver.join();
    }
    worker.close();
    awaitEnd(worker);
    assertEquals(4000, sum.get());
  }

  @Test
  void taskThatFails_endsNothing() throws Exception {
    Worker worker = started();
    CountDownLatch done = new CountDownLatch(1);
    worker.execute(
        () -> {
          throw new IllegalStateException("a bug, for this test");
        });
    worker.execute(done::countDown);
    assertTrue(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    worker.close();
    awaitEnd(worker);
  }

  // The event loop that brings it may be a round behind whoever ends the workers.
  @Test
  void taskThatComesBehindTheEnd_isDoneAtOnce() throws Exception {
    Worker worker = started();
    worker.close();
    awaitEnd(worker);
    AtomicInteger done = new AtomicInteger();
    worker.execute(done::incrementAndGet);
    assertEquals(1, done.get());
  }

  @Test
  void loops_getWorkersInTurn() throws Exception {
    try (Workers workers = new Workers(2)) {
      Worker first = workers.next();
      Worker second = workers.next();
      assertNotSame(first, second);
      assertSame(first, workers.next());
    }
  }
}
