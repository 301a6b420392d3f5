package org.nfsproxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Reachability;
import org.nfsproxy.backend.Reachability.State;

class InstancePageTest {
  private static final Instant SINCE = Instant.parse("2026-11-29T20:00:00Z");

  @Test
  void originThatWentAway_isToldWithItsLastAnswerAndWhy() {
    Instant last = Instant.parse("2026-11-29T19:59:50Z");
    Reachability away =
        new Reachability(
            State.SILENT,
            SINCE,
            Optional.of(last),
            Optional.of(412_500L),
            Optional.of("connection refused"));
    assertEquals(
        new JsonObject()
            .put("state", "silent")
            .put("since", "2026-11-29T20:00:00Z")
            .put("lastAnswer", "2026-11-29T19:59:50Z")
            .put("roundTripMillis", 0.4125)
            .put("lastError", "connection refused"),
        InstancePage.json(away));
  }

  @Test
  void originThatNobodyAsked_claimsNothing() {
    Reachability unknown =
        new Reachability(
            State.NOT_ASKED, SINCE, Optional.empty(), Optional.empty(), Optional.empty());
    assertEquals(
        new JsonObject()
            .put("state", "not asked")
            .put("since", "2026-11-29T20:00:00Z")
            .putNull("lastAnswer")
            .putNull("roundTripMillis")
            .putNull("lastError"),
        InstancePage.json(unknown));
  }
}
