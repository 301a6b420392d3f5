package org.nfsproxy.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
  private final SingleFlight<String, Integer> flights = new SingleFlight<>();

  @Test
  void tasksAtOneTime_areOne_andTheNextIsAnother() {
    Promise<Integer> answer = Promise.promise();
    Future<Integer> first = flights.join("a", answer::future);
    assertSame(first, flights.join("a", () -> Future.succeededFuture(2)));
    assertSame(first, flights.underWay("a"));
    answer.complete(1);
    assertEquals(1, first.result());
    assertNull(flights.underWay("a"));
    assertEquals(3, flights.join("a", () -> Future.succeededFuture(3)).result());
  }

  @Test
  void tasksOfOtherKeys_areOthers() {
    flights.join("a", Promise.<Integer>promise()::future);
    assertEquals(2, flights.join("b", () -> Future.succeededFuture(2)).result());
    assertEquals(1, flights.size());
  }

  // Whoever waits may begin the next one at once.
  @Test
  void taskThatIsJoinedWhenItIsOver_isAnother() {
    Promise<Integer> answer = Promise.promise();
    Future<Integer> again =
        flights
            .join("a", answer::future)
            .compose(one -> flights.join("a", () -> Future.succeededFuture(one + 1)));
    answer.complete(1);
    assertEquals(2, again.result());
  }

  @Test
  void taskThatCannotBegin_fails_andTheNextBegins() {
    Future<Integer> failed =
        flights.join(
            "a",
            () -> {
              throw new StackOverflowError("a bug, for this test");
            });
    assertTrue(failed.failed());
    assertEquals(2, flights.join("a", () -> Future.succeededFuture(2)).result());
  }
}
