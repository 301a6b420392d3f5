package org.nfsproxy.backend.nfs.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Reachability;
import org.nfsproxy.backend.Reachability.State;

class OriginReachabilityTest {
  private final Instant begun = Instant.now();
  private final OriginReachability origin = new OriginReachability("nfs port 2049", 15_000);

  @Test
  void origin_thatNobodyAsked_isNeitherHereNorAway() {
    Reachability now = origin.now();
    assertEquals(State.NOT_ASKED, now.state());
    assertEquals(Optional.empty(), now.lastAnswer());
    assertEquals(Optional.empty(), now.roundTripNanos());
    assertEquals(Optional.empty(), now.lastError());
    assertTrue(origin.isQuiet(Long.MAX_VALUE));
  }

  @Test
  void origin_thatWasNeverHeard_hasNoLastAnswer_whenItFails() {
    origin.failed(new IOException("refused"));
    assertEquals(State.SILENT, origin.now().state());
    assertEquals(Optional.empty(), origin.now().lastAnswer());
    assertEquals(Optional.of("refused"), origin.now().lastError());
  }

  @Test
  void failure_makesItSilent_since_andWhatItSends_bringsItBack() {
    origin.answered(1_000);
    Reachability here = origin.now();
    origin.failed(new IOException("reset"));
    Reachability away = origin.now();
    origin.failed(new IOException("refused"));
    Reachability still = origin.now();
    origin.heard();
    Reachability back = origin.now();

    assertEquals(State.ANSWERS, here.state());
    assertEquals(Optional.of(1_000L), here.roundTripNanos());
    assertFalse(here.since().isBefore(begun));
    assertEquals(State.SILENT, away.state());
    assertEquals(away.since(), still.since());
    assertEquals(Optional.of("refused"), still.lastError());
    assertTrue(still.lastAnswer().orElseThrow().compareTo(still.since()) <= 0);
    assertEquals(State.ANSWERS, back.state());
    assertFalse(back.since().isBefore(still.since()));
  }

  @Test
  void failureWithoutAMessage_saysWhatItWas() {
    origin.failed(new java.util.concurrent.TimeoutException());
    assertEquals(Optional.of("java.util.concurrent.TimeoutException"), origin.now().lastError());
  }

  @Test
  void origin_isQuiet_onlyWhenNothingWasHeardForAsLong() {
    origin.heard();
    assertFalse(origin.isQuiet(TimeUnit.HOURS.toNanos(1)));
    assertTrue(origin.isQuiet(0));
  }
}
