package org.nfsproxy.server.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.exports.FakeBackend.Filesystem;
import org.nfsproxy.server.exports.FakeBackend.Node;
import org.nfsproxy.server.fakes.LogLines;

/** An origin that answers when it is told to, in round trips, and clients of different manners. */
class FairQuestionsTest {
  private static final int FLOODERS = 24;
  private static final int HANDLES = 1000;
  private static final int FEW = 3;

  private final Vertx vertx = Vertx.vertx();
  private final FakeBackend origin = new FakeBackend();
  private final QuestionBounds bounds = new QuestionBounds(32, 16, 16);
  private final Exports exports =
      new Exports(vertx, origin, new ExportsSettings(100, 100_000, 3_600_000, bounds), List::of);
  private final Asker honest = new Asker(address(200));
  private Node export;
  private Node file;
  private int files;

  @BeforeEach
  void meetOrigin() throws Exception {
    export = origin.mount(origin.root, "export", Filesystem.of(1), 2);
    file = origin.file(export, "file");
    origin.listed.add("/export");
    exports.refresh().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    origin.holding = true;
  }

  @AfterEach
  void stop() throws Exception {
    exports.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void question_allOfSeveralConnectionsLeave_endedOnceAndNothingIsLogged() {
    Gate gate = new Gate(1, 1);
    Promise<Void> first = Promise.promise();
    gate.pass(new Turn(honest), first::future);
    Asker one = new Asker(address(1));
    Asker other = new Asker(address(1));
    Turn turn = new Turn(one);
    Future<Void> answer = gate.pass(turn, Future::succeededFuture);
    assertTrue(gate.join(turn, other));
    one.leave();
    other.leave();
    try (LogLines log = LogLines.of(Gate.class)) {
      first.complete();
      assertInstanceOf(Gate.LeftException.class, answer.cause());
      assertEquals(List.of(), log.lines());
    }
    assertEquals(0, gate.clients());
  }

  private List<Asker> flood(int clients) {
    List<Asker> flooders = new ArrayList<>();
    for (int i = 0; i < FLOODERS; i++) {
      Asker flooder = new Asker(address(i % clients));
      flooders.add(flooder);
      for (int n = 0; n < HANDLES; n++) {
        exports.resolve(origin.file(export, "f" + files++).handle, 4, flooder);
      }
    }
    return flooders;
  }

  private int roundTripsUntil(Future<?> answer) {
    int trips = 0;
    while (!answer.isComplete()) {
      assertTrue(origin.roundTrip() > 0, "nothing is under way");
      trips++;
    }
    assertTrue(answer.succeeded(), () -> "failed: " + answer.cause());
    return trips;
  }

  @Test
  void resolve_besideAFloodFromOneAddress_isAnsweredInAFewRoundTrips() {
    flood(1);
    int trips = roundTripsUntil(exports.resolve(file.handle, 4, honest));
    assertTrue(trips <= FEW, trips + " round trips");
  }

  @Test
  void resolve_besideAFloodFromManyAddresses_isAnsweredInAFewRoundTrips() {
    flood(FLOODERS);
    int trips = roundTripsUntil(exports.resolve(file.handle, 4, honest));
    assertTrue(trips <= FEW, trips + " round trips");
  }

  @Test
  void resolve_besideAFloodFromItsOwnAddress_isAnsweredInAFewRoundTrips() {
    flood(1);
    Asker neighbour = new Asker(address(0));
    int trips = roundTripsUntil(exports.resolve(file.handle, 4, neighbour));
    assertTrue(trips <= FEW, trips + " round trips");
  }

  @Test
  void lookUp_besideAFlood_isAnsweredInAFewRoundTrips() {
    flood(FLOODERS);
    byte[] name = "file".getBytes(StandardCharsets.UTF_8);
    int trips = roundTripsUntil(exports.lookUp(export.handle, name, 4, honest));
    assertTrue(trips <= FEW, trips + " round trips");
    int toRoot = roundTripsUntil(exports.lookUpPath("/", 4, honest));
    assertTrue(toRoot <= FEW, toRoot + " round trips");
  }

  @Test
  void refresh_besideAFlood_goesOn() {
    flood(FLOODERS);
    int trips = roundTripsUntil(exports.refresh());
    assertTrue(trips <= 20 * FEW, trips + " round trips");
  }

  @Test
  void resolve_besideAFloodOfLookUps_isAnsweredInAFewRoundTrips() {
    Asker flooder = new Asker(address(1));
    for (int n = 0; n < FLOODERS * HANDLES; n++) {
      exports.lookUp(export.handle, new byte[] {1}, 4, flooder);
    }
    int trips = roundTripsUntil(exports.resolve(file.handle, 4, honest));
    assertTrue(trips <= FEW, trips + " round trips");
  }

  @Test
  void resolve_afterTheFloodHasLeft_isAskedAtOnceAndNothingElseIs() {
    List<Asker> flooders = flood(FLOODERS);
    flooders.forEach(Asker::leave);
    Future<Export> answer = exports.resolve(file.handle, 4, honest);
    assertEquals(32, origin.roundTrip(), "what was under way");
    assertEquals(1, origin.roundTrip(), "the honest client's");
    assertTrue(answer.succeeded());
    assertEquals(0, origin.roundTrip());
  }

  @Test
  void resolve_ofOneWhoLeftBefore_isDropped() {
    flood(FLOODERS);
    Asker gone = new Asker(address(77));
    Future<Export> answer = exports.resolve(file.handle, 4, gone);
    gone.leave();
    while (!answer.isComplete()) {
      assertTrue(origin.roundTrip() > 0);
    }
    assertInstanceOf(Gate.LeftException.class, answer.cause());
  }

  @Test
  void resolve_whileAnotherWhoAskedFirstLeaves_isAnswered() {
    flood(FLOODERS);
    Asker first = new Asker(address(77));
    Future<Export> left = exports.resolve(file.handle, 4, first);
    Future<Export> stays = exports.resolve(file.handle, 4, honest);
    first.leave();
    int trips = roundTripsUntil(stays);
    assertTrue(trips <= FEW, trips + " round trips");
    assertTrue(left.succeeded());
  }

  // A flooder that asks about other people's files, last of all, must not take them into its line.
  @Test
  void resolve_ofWhatAFlooderAskedAboutLast_isInTheTurnOfWhoHasLess() {
    List<Asker> flooders = flood(1);
    flooders.forEach(flooder -> exports.resolve(file.handle, 4, flooder));
    int trips = roundTripsUntil(exports.resolve(file.handle, 4, honest));
    assertTrue(trips <= FEW, trips + " round trips");
  }

  @Test
  void resolve_ofWhatIsDroppedInThisMoment_isAskedAnew() {
    flood(FLOODERS);
    Asker gone = new Asker(address(77));
    Future<Export> dropped = exports.resolve(file.handle, 4, gone);
    gone.leave();
    dropped.onFailure(
        left -> {
          Future<Export> anew = exports.resolve(file.handle, 4, honest);
          assertFalse(anew.failed());
        });
    while (!dropped.isComplete()) {
      assertTrue(origin.roundTrip() > 0);
    }
    roundTripsUntil(exports.resolve(file.handle, 4, honest));
  }

  @Test
  void resolve_ofOneClient_hasNoMoreThanItsShareUnderWay() {
    Asker alone = new Asker(address(1));
    for (int n = 0; n < HANDLES; n++) {
      exports.resolve(origin.file(export, "f" + files++).handle, 4, alone);
    }
    assertEquals(16, origin.roundTrip());
    assertEquals(16, origin.roundTrip());
  }

  // Where a lost connection fails them all at once, that is one loop and not a stack.
  @Test
  void resolve_manyThatAreAnsweredAtOnce_areNotAnsweredInsideEachOther() {
    Asker alone = new Asker(address(1));
    List<Future<Export>> all = new ArrayList<>();
    for (int n = 0; n < 50 * HANDLES; n++) {
      all.add(exports.resolve(origin.file(export, "f" + files++).handle, 4, alone));
    }
    origin.release();
    assertTrue(all.stream().allMatch(Future::succeeded));
  }
}
