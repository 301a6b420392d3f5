package org.nfsproxy.backend.nfs.questions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
  private final SingleFlight<String, Integer> flights = new SingleFlight<>();

  @Test
  void questionsAtOneTime_areOne() {
    Promise<Integer> answer = Promise.promise();
    Future<Integer> first = flights.ask("a", answer::future);
    assertSame(first, flights.ask("a", () -> Future.succeededFuture(2)));
    answer.complete(1);
    assertEquals(1, first.result());
    assertEquals(3, flights.ask("a", () -> Future.succeededFuture(3)).result());
  }

  @Test
  void questionThatCannotBeAsked_fails_andTheNextIsAsked() {
    Future<Integer> failed =
        flights.ask(
            "a",
            () -> {
              throw new StackOverflowError("a bug, for this test");
            });
    assertTrue(failed.failed());
    assertEquals(2, flights.ask("a", () -> Future.succeededFuture(2)).result());
  }
}
