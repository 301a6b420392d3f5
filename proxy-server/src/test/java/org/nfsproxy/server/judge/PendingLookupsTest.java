package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.exports.QuestionBounds;

/** The questions of one batch, with many handles that nobody knows. */
class PendingLookupsTest {
  private static final int HANDLES = 40;

  private final Vertx vertx = Vertx.vertx();
  private final RuledOrigin origin = new RuledOrigin();
  private final Exports exports =
      new Exports(
          vertx,
          origin,
          new ExportsSettings(100, 1000, 3_600_000, new QuestionBounds(32, 32, 16)),
          List::of);
  private final Asker asker = new Asker(InetAddress.getLoopbackAddress());
  private final PendingLookups questions = new PendingLookups(exports, asker);

  @AfterEach
  void stop() throws Exception {
    exports.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** How many are answered, of all that are asked in a round. */
  private int round() {
    int answered = 0;
    for (int i = 0; i < HANDLES; i++) {
      Filehandle handle = Filehandle.of(("nobody's " + i).getBytes(StandardCharsets.US_ASCII));
      answered += questions.export(handle, 4) == null ? 0 : 1;
    }
    return answered;
  }

  @Test
  void export_beyondTheBoundOfAConnection_waitsForTheNextRoundWithoutFailing() {
    int answered = 0;
    for (int expected : new int[] {16, 32, HANDLES}) {
      Promise<Void> answers = Promise.promise();
      origin.held = answers.future();
      assertEquals(answered, round());
      assertEquals(expected, origin.asked.get());
      Future<?> open = questions.takeOpen();
      assertFalse(open.isComplete());
      answers.complete();
      assertTrue(open.isComplete());
      answered = expected;
    }
    assertEquals(HANDLES, round());
    assertNull(questions.takeOpen());
  }

  @Test
  void export_askedTwiceInABatch_isOneOfTheBound() {
    origin.held = Promise.<Void>promise().future();
    Filehandle handle = Filehandle.of("nobody's".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < HANDLES; i++) {
      assertNull(questions.export(handle, 4));
    }
    assertEquals(1, origin.asked.get());
    assertNull(questions.export(Filehandle.of(new byte[] {1}), 4));
    assertEquals(2, origin.asked.get());
    assertNotNull(questions.takeOpen());
  }

  @Test
  void export_ofAConnectionThatHasLeft_isAnsweredWithSilenceAndNotAsked() {
    asker.leave();
    Filehandle handle = Filehandle.of("nobody's".getBytes(StandardCharsets.US_ASCII));
    assertTrue(questions.export(handle, 4).isSilence());
    assertTrue(questions.child(handle, new byte[] {1}, 4).isSilence());
    assertTrue(questions.root(4).isSilence());
    assertEquals(0, origin.asked.get());
  }
}
