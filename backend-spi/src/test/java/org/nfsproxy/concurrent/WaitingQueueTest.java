package org.nfsproxy.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingQueueTest {
  private final WaitingQueue<String> queue =
      new WaitingQueue<>(List.of("a", "b"), 2, "wait for a letter");

  private Future<String> take() {
    return queue.take(() -> false);
  }

  @Test
  void places_areTakenAtOnce_thenInTheOrderOfAsking() {
    assertEquals("a", take().result());
    assertEquals("b", take().result());
    Future<String> third = take();
    Future<String> fourth = take();
    assertFalse(third.isComplete());
    queue.giveBack("b");
    assertEquals("b", third.result());
    assertFalse(fourth.isComplete());
    queue.giveBack("a");
    assertEquals("a", fourth.result());
    queue.giveBack("a");
    assertEquals("a", take().result());
  }

  @Test
  void moreThanMayWait_fail_andTakeNobodysPlace() {
    take();
    take();
    Future<String> third = take();
    take();
    Future<String> fifth = take();
    assertEquals("2 wait for a letter", fifth.cause().getMessage());
    assertTrue(fifth.cause() instanceof IOException);
    queue.giveBack("a");
    assertEquals("a", third.result());
  }

  @Test
  void whoHasGivenUp_isPassedOver() {
    take();
    take();
    boolean[] givenUp = {false};
    Future<String> left = queue.take(() -> givenUp[0]);
    Future<String> next = take();
    givenUp[0] = true;
    queue.giveBack("a");
    assertFalse(left.isComplete());
    assertEquals("a", next.result());
  }

  @Test
  void end_failsThoseThatWait_andThoseThatCome() {
    take();
    take();
    Future<String> waits = take();
    Throwable why = new IOException("over");
    queue.end(why);
    queue.giveBack("a");
    assertSame(why, waits.cause());
    assertSame(why, take().cause());
  }
}
