package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.coordinated.agreement.FakeFleet;
import org.nfsproxy.backend.coordinated.files.Files;

/** Where other instances are expected, nothing is answered before they were heard. */
class WaitForFleetTest {
  private static final int FAR_OFF_MILLIS = 600_000;

  private final EngineRig rig = new EngineRig();
  private final Vertx vertx = Vertx.vertx();
  private boolean introduced;
  private CoordinatedBackend backend;

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private void start(boolean expected, int joinMillis) throws Exception {
    FilesSource source =
        new FilesSource() {
          @Override
          public Files open() {
            return rig.files;
          }

          @Override
          public List<Notice> notices() {
            return List.of();
          }

          @Override
          public void join(Fleet fleet) {
            introduced = true;
          }
        };
    backend =
        new CoordinatedBackend(
            vertx,
            source,
            Engines.replyMemory(0),
            1,
            joinMillis,
            new ReplyBounds(0, 1 << 20, 5_000));
    if (expected) {
      backend.expectFleet();
    }
    await(backend.start());
  }

  @AfterEach
  void stop() throws Exception {
    if (backend != null) {
      await(backend.close());
    }
    await(vertx.close());
  }

  @Test
  void alone_answersAtOnce() throws Exception {
    start(false, FAR_OFF_MILLIS);
    assertEquals(2, await(backend.exports()).size());
  }

  @Test
  void expected_answersNothingUntilTheyWereHeard() throws Exception {
    start(true, FAR_OFF_MILLIS);
    Future<List<String>> asked = backend.exports();
    assertFalse(asked.isComplete());
    backend.join(new FakeFleet().join("a"));
    assertTrue(introduced);
    assertEquals(2, await(asked).size());
  }

  @Test
  void expected_andNeverThere_answersInTheEnd_andIsIntroducedLater() throws Exception {
    start(true, 1);
    assertEquals(2, await(backend.exports()).size());
    assertFalse(introduced);
    backend.join(new FakeFleet().join("a"));
    assertTrue(introduced);
  }

  @Test
  void expected_butNotToBeWaitedFor_answersAtOnce() throws Exception {
    start(true, 0);
    assertEquals(2, await(backend.exports()).size());
  }

  @Test
  void closed_whileItWaits_failsWhatWaits() throws Exception {
    start(true, FAR_OFF_MILLIS);
    Future<List<String>> asked = backend.exports();
    await(backend.close());
    backend = null;
    assertTrue(asked.failed());
  }
}
