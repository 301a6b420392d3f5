package org.nfsproxy.server.cache.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Neighbourhood.Coming;
import org.nfsproxy.server.cache.Neighbourhood.Fetch;
import org.nfsproxy.server.cache.Purged;
import org.nfsproxy.server.cache.fleet.FleetRig.Answer;
import org.nfsproxy.server.cache.fleet.FleetRig.Instance;
import org.nfsproxy.server.fakes.Eventually;

/** A purge is one of all instances, or says of which not. */
@Timeout(120)
class PurgedEverywhereTest {
  private static final FileVersion V1 = Told.version(1);
  private static final FileKey AT_HOME = FleetRig.fileAt("home", "home", "one", "two");

  private final FleetRig rig = new FleetRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static List<Purged> purge(Instance instance) throws Exception {
    return FleetRig.await(instance.neighbours.purge());
  }

  @Test
  void purge_emptiesAll_andSaysWhatEachHad() throws Exception {
    List<Instance> all = rig.startAll("home", "one", "two");
    all.get(0).shelf.put(AT_HOME, V1, 0, 5000);
    all.get(2).shelf.put(AT_HOME, V1, 0, 700);
    assertEquals(
        List.of(Purged.of("one", 0), Purged.of("home", 5000), Purged.of("two", 700)),
        purge(all.get(1)));
    for (Instance each : all) {
      assertNull(each.shelf.version(AT_HOME));
      assertEquals(1, each.shelf.purges);
    }
  }

  @Test
  void purgesAtOnce_ofSeveralInstances_allEnd() throws Exception {
    List<Instance> all = rig.startAll("home", "one", "two");
    List<Future<List<Purged>>> purges = all.stream().map(each -> each.neighbours.purge()).toList();
    for (Future<List<Purged>> each : purges) {
      FleetRig.await(each).forEach(said -> assertNull(said.why()));
    }
  }

  // Not all purge at the same moment: what one still has must not come back to one that has.
  @Test
  void instancesThatHavePurged_takeNothingOfOthers_untilAllMustHave() throws Exception {
    List<Instance> all = rig.startAll("home", "one");
    FileKey file = FleetRig.fileAt("home", "home", "one");
    purge(all.get(1));
    all.get(0).shelf.put(file, V1, 0, 5000);
    assertNull(
        assertInstanceOf(Fetch.class, all.get(1).ask(Told.ask(file, V1, 0, 5000)).word).grant());
    rig.pass(Apart.NANOS);
    AtomicReference<Answer> last = new AtomicReference<>(new Answer());
    last.get().isEnded = true;
    Eventually.eventually(
        "it asks again, and is brought it",
        () -> {
          Answer now = last.get();
          if (now.isEnded || now.said.future().result() instanceof Fetch) {
            last.set(new Answer());
            all.get(1).neighbours.ask(Told.ask(file, 0, 5000), last.get());
          }
          return now.bytes(0).length == 5000;
        });
  }

  @Test
  void dataThatArePutBehindAPurge_byOneThatMayNotHavePurged_areNotKept() throws Exception {
    Instance home = rig.start("home");
    FileKey file = FleetRig.fileAt("home", "home", "one");
    try (Stranger member = new Stranger(home.neighbours.port(), FleetRig.SECRET, "one")) {
      Eventually.eventually("it is a member", () -> home.count("connected") == 1);
      purge(home);
      ByteBuf data = Told.buffer(V1, 0, 100);
      member.say(new NeighbourFrame.Put(file, V1, 0, PieceSum.of(file, V1, 0, data), data));
      member.say(new NeighbourFrame.Purge(7));
      Eventually.eventually("both were taken", () -> home.shelf.purges == 2);
      assertNull(home.shelf.version(file));
      assertEquals(0, home.count("taken_bytes_total"));
      rig.pass(Apart.NANOS);
      Eventually.eventually("what may be on its way ends", () -> home.count("connected") == 0);
    }
  }

  @Test
  void dataOnTheirWay_whenItBegins_areTakenNoMore() throws Exception {
    Instance one = rig.start("one");
    try (SilentHome home = new SilentHome("home")) {
      rig.say("home", new NeighbourPlace("127.0.0.1", home.port(), FleetRig.ORIGIN).write());
      Eventually.eventually("reached", () -> one.count("reached") == 1);
      FileKey file = FleetRig.fileAt("home", "home", "one");
      Answer answer = new Answer();
      one.neighbours.ask(Told.ask(file, 0, 5000), answer);
      int number = home.asked().number();
      home.say(new NeighbourFrame.Comes(number, V1, 5000, true));
      assertEquals(new Coming(V1, 5000), FleetRig.await(answer.said.future()));
      Future<List<Purged>> purging = one.neighbours.purge();
      NeighbourFrame.Purge told = assertInstanceOf(NeighbourFrame.Purge.class, home.next());
      ByteBuf data = Told.buffer(V1, 0, 5000);
      home.say(new NeighbourFrame.Piece(number, V1, 0, PieceSum.of(file, V1, 0, data), data));
      home.say(new NeighbourFrame.HasPurged(told.number(), 42));
      assertEquals(List.of(Purged.of("one", 0), Purged.of("home", 42)), FleetRig.await(purging));
      assertEquals(0, answer.wholeFrom(0).length);
      assertEquals(0, one.count("brought_bytes_total"));
    }
  }

  @Test
  void instanceThatDoesNotAnswer_orIsGone_orCannotBeReached_isNamed() throws Exception {
    Instance one = rig.start("one");
    try (SilentHome home = new SilentHome("home")) {
      rig.say("home", new NeighbourPlace("127.0.0.1", home.port(), FleetRig.ORIGIN).write());
      rig.say("nowhere", new NeighbourPlace("127.0.0.1", 1, FleetRig.ORIGIN).write());
      Eventually.eventually("reached", () -> one.count("reached") == 1);
      Future<List<Purged>> silent = one.neighbours.purge();
      home.next();
      rig.pass(NeighbourLink.PURGE_NANOS);
      assertEquals(
          List.of(
              Purged.of("one", 0),
              Purged.not("home", "no answer within ten seconds; it may still be at it"),
              Purged.not("nowhere", "it cannot be reached")),
          FleetRig.await(silent));
      Future<List<Purged>> gone = one.neighbours.purge();
      home.next();
      home.close();
      assertEquals(
          Purged.not("home", "the connection to it ended before it answered"),
          FleetRig.await(gone).get(1));
    }
  }

  @Test
  void instancesThatAreTooMany_areNamed_counted_andToldOfOnce() throws Exception {
    NeighbourBounds two =
        new NeighbourBounds(
            FleetRig.BOUNDS.answerNanos(), FleetRig.BOUNDS.waitNanos(), 64, 1 << 18, 1 << 24, 2);
    Instance one = rig.start("one", FleetRig.SECRET, two);
    for (String name : List.of("a", "b", "c", "d")) {
      rig.say(name, new NeighbourPlace("127.0.0.1", 1, FleetRig.ORIGIN).write());
    }
    Eventually.eventually("counted", () -> one.count("passed_over") == 2);
    List<Purged> said = purge(one);
    assertEquals(5, said.size());
    assertEquals(Purged.not("c", "it is one more than cache.neighbours.instancesMax"), said.get(3));
    rig.leave("a");
    rig.leave("b");
    Eventually.eventually("all have a place", () -> one.count("passed_over") == 0);
  }

  // Whoever has not joined yet knows of no others, and must not say that all have purged.
  @Test
  void instanceThatHasNotJoined_saysThatItKnowsOfNone() throws Exception {
    List<Purged> said = purge(rig.startAlone("one"));
    assertEquals(2, said.size());
    assertEquals("all others", said.get(1).instance());
  }

  @Test
  void stranger_purgesNothing() throws Exception {
    Instance home = rig.start("home");
    byte[] other = "another secret, of somebody else".getBytes(StandardCharsets.US_ASCII);
    try (Stranger stranger = new Stranger(home.neighbours.port(), other, "one")) {
      stranger.say(new NeighbourFrame.Purge(1));
      stranger.isClosedWithoutAWord();
    } catch (IOException closed) {
      assertEquals(0, home.shelf.purges);
    }
    assertEquals(0, home.shelf.purges);
  }

  @Test
  void memberThatAsksForPurgesWithoutEnd_isClosed() throws Exception {
    Instance home = rig.start("home");
    try (Stranger member = new Stranger(home.neighbours.port(), FleetRig.SECRET, "one")) {
      home.shelf.hold();
      for (int i = 0; i < 100; i++) {
        member.say(new NeighbourFrame.Purge(i));
      }
      Eventually.eventually("it was one", () -> home.shelf.purges == 1);
      Eventually.eventually("closed", () -> home.count("connected") == 0);
      home.shelf.goOn();
      Eventually.eventually("those who waited have one in common", () -> home.shelf.purges == 2);
    }
  }
}
