package org.nfsproxy.backend.nfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.Reachability.State;
import org.nfsproxy.backend.nfs.connect.NfsSettings;
import org.nfsproxy.backend.nfs.connect.ReservedPortPolicy;
import org.nfsproxy.backend.nfs.questions.AnsweringOrigin;
import org.nfsproxy.backend.nfs.tls.OriginTlsSettings;

// Nobody is a client here: what is known comes from the backend's own NULL calls. The fake origin
// refuses them all, which is an answer.
class NfsBackendReachabilityTest {
  private static final int QUIET_MILLIS = 100;

  private final Vertx vertx = Vertx.vertx();
  private AnsweringOrigin origin;
  private NfsBackend backend;

  @BeforeEach
  void start() throws Exception {
    origin = new AnsweringOrigin(0);
    backend = new NfsBackend(vertx, settings(origin.port()));
  }

  private static NfsSettings settings(int port) {
    return new NfsSettings(
        Identity.OWN,
        "127.0.0.1",
        port,
        port,
        port,
        port,
        ReservedPortPolicy.NEVER,
        0,
        List.of(),
        1_000,
        2_000,
        QUIET_MILLIS,
        0,
        0,
        List.of(),
        OriginTlsSettings.OFF);
  }

  @AfterEach
  void stop() throws Exception {
    await(backend.close());
    await(vertx.close());
    origin.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get();
  }

  private void awaitState(State state) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          while (backend.reachability().orElseThrow().state() != state) {
            Thread.onSpinWait();
          }
        });
  }

  @Test
  void origin_thatGoes_isSeenToBeGone_andSeenToBeBack_withoutAClient() throws Exception {
    await(backend.start());
    assertEquals(State.ANSWERS, backend.reachability().orElseThrow().state());
    assertTrue(backend.reachability().orElseThrow().roundTripNanos().isPresent());

    int port = origin.port();
    origin.close();
    awaitState(State.SILENT);
    assertTrue(backend.reachability().orElseThrow().lastError().isPresent());

    origin = new AnsweringOrigin(port);
    awaitState(State.ANSWERS);
  }

  @Test
  void origin_thatWasAwayAtTheStart_isSeenWhenItComes() throws Exception {
    int port = origin.port();
    origin.close();
    await(backend.start());
    assertEquals(State.SILENT, backend.reachability().orElseThrow().state());
    assertTrue(backend.reachability().orElseThrow().lastAnswer().isEmpty());

    origin = new AnsweringOrigin(port);
    awaitState(State.ANSWERS);
  }

  // Who stops the proxy while it still looks does not want to read that its origin is away.
  @Test
  void close_beforeTheFirstLookIsOver_isNoLossOfTheOrigin() throws Exception {
    Future<Void> started = backend.start();
    await(backend.close());
    await(started);
    assertEquals(List.<Notice>of(), backend.notices());
  }
}
