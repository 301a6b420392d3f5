package org.nfsproxy.server.judge.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.judge.model.Round.Counts;

// What holds of every COMPOUND, whatever it is, whatever the rules are and whatever others do to
// the namespace between the judge's questions, its verdict, and the execution:
//
//   no operation executes on a filesystem whose parameters forbid it to the caller;
//   the client gets the results of its own operations, and nothing of what it may not read;
//   what is allowed, and is left in peace, is answered as without a judge, after some DELAYs.
//
// The seed of a round that failed is told; with it the round is the same again.
class JudgeOnMovingGroundTest {
  private static final int ROUNDS = 170;
  private static final int BATCHES = 100;
  private static final int TOLD_MAX = 5;

  private static Vertx vertx;

  @BeforeAll
  static void begin() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void randomCompounds_onANamespaceThatChanges_doOnlyWhatTheRulesAllow() throws Exception {
    Counts counts = new Counts();
    List<String> failures = new ArrayList<>();
    for (int seed = 0; seed < ROUNDS; seed++) {
      try {
        new Round(vertx, seed, counts).run(BATCHES);
      } catch (AssertionError failed) {
        failures.add(failed.getMessage());
      }
    }
    assertTrue(
        failures.isEmpty(),
        () ->
            failures.size()
                + " rounds failed:\n"
                + String.join("\n\n", failures.subList(0, Math.min(TOLD_MAX, failures.size()))));
    // Else it would hold of nothing.
    assertTrue(counts.forwarded > 10_000, counts::toString);
    assertTrue(counts.verified > 3_000, counts::toString);
    assertTrue(counts.ledElsewhere > 150, counts::toString);
    assertTrue(counts.comparedInFull > 700, counts::toString);
  }

  // A filesystem that was mounted again within the two seconds for which the proxy remembers that
  // its handles were stale: each try was judged for the directory above it, and told DELAY.
  @ParameterizedTest
  @ValueSource(longs = {34, 72, 94})
  void mountedAgain_whileItsStaleHandlesAreRemembered_isEnteredAfterSomeDelays(long seed) {
    assertDoesNotThrow(() -> new Round(vertx, seed, new Counts()).run(BATCHES));
  }
}
