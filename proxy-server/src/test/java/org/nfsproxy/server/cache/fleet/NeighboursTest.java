package org.nfsproxy.server.cache.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Neighbourhood.Coming;
import org.nfsproxy.server.cache.Neighbourhood.Fetch;
import org.nfsproxy.server.cache.fleet.FleetRig.Answer;
import org.nfsproxy.server.cache.fleet.FleetRig.Instance;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.testing.Repository;

/** Instances that ask each other for data, by real connections on this machine. */
@Timeout(120)
class NeighboursTest {
  private static final FileVersion V1 = Told.version(1);
  private static final FileVersion V2 = Told.version(2);
  private static final int MIB = 1 << 20;
  private static final int CHALLENGE_BYTES = 4 + 8 + MemberSecret.NONCE_BYTES;
  private static final FileKey AT_HOME = FleetRig.fileAt("home", "home", "one", "two");

  private final FleetRig rig = new FleetRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static Fetch fetch(Answer answer) {
    return assertInstanceOf(Fetch.class, answer.word);
  }

  /** Bytes that come before the connection is over. */
  static int bytesSaid(Socket socket) {
    int said = 0;
    try {
      while (socket.getInputStream().read() >= 0) {
        said++;
      }
    } catch (IOException reset) {
      return said;
    }
    return said;
  }

  @Test
  void measures_areThoseOfTheGuide() throws Exception {
    String guide = Files.readString(Repository.ROOT.resolve("docs/guide/observing.md"));
    Set<String> told =
        Pattern.compile("`nfs_proxy_(cache_neighbour_[a-z_]*[a-z])`")
            .matcher(guide)
            .results()
            .map(each -> each.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> counted = new TreeSet<>();
    rig.start("one").neighbours.measures().forEach(each -> counted.add(each.name()));
    assertEquals(counted, told);
  }

  @Test
  void dataThatTheHomeHas_areBroughtInPieces() throws Exception {
    List<Instance> all = rig.startAll("home", "one");
    FileKey file = FleetRig.fileAt("home", "home", "one");
    all.get(0).shelf.put(file, V1, 0, 3 * MIB);
    Answer answer = all.get(1).ask(Told.ask(file, 1000, 1000 + 2 * MIB));
    assertEquals(new Coming(V1, 1000 + 2 * MIB), answer.word);
    assertArrayEquals(Told.bytes(V1, 1000, 1000 + 2 * MIB), answer.wholeFrom(1000));
    assertEquals(2 * MIB, all.get(1).count("brought_bytes_total"));
    assertEquals(2 * MIB, all.get(0).count("sent_bytes_total"));
    assertEquals(1, all.get(1).count("here_total"));
  }

  @Test
  void threeMissTheSame_oneFetches_theOthersAreBroughtWhatItPuts() throws Exception {
    List<Instance> all = rig.startAll("home", "one", "two");
    Answer one = all.get(1).ask(Told.ask(AT_HOME, V1, 0, MIB));
    Answer two = all.get(2).ask(Told.ask(AT_HOME, 0, MIB));
    Answer home = all.get(0).ask(Told.ask(AT_HOME, V1, 100, 200));
    assertEquals(new Coming(V1, MIB), two.word);
    assertEquals(new Coming(V1, 200), home.word);
    one.grant().put(V1, 0, Told.buffer(V1, 0, MIB));
    assertArrayEquals(Told.bytes(V1, 0, MIB), two.wholeFrom(0));
    assertArrayEquals(Told.bytes(V1, 100, 200), home.wholeFrom(100));
    assertEquals(V1, all.get(0).shelf.version(AT_HOME));
    assertNull(all.get(1).shelf.version(AT_HOME)); // what it has read it keeps itself
    assertEquals(MIB, all.get(1).count("put_bytes_total"));
    assertEquals(MIB, all.get(0).count("taken_bytes_total"));
  }

  @Test
  void homesOwnClientFetches_othersAreBroughtIt() throws Exception {
    List<Instance> all = rig.startAll("home", "one", "two");
    Answer own = all.get(0).ask(Told.ask(AT_HOME, V1, 0, 5000));
    Answer one = all.get(1).ask(Told.ask(AT_HOME, V1, 0, 5000));
    assertEquals(new Coming(V1, 5000), one.word);
    all.get(0).shelf.put(AT_HOME, V1, 0, 5000);
    own.grant().put(V1, 0, Told.buffer(V1, 0, 5000));
    assertArrayEquals(Told.bytes(V1, 0, 5000), one.wholeFrom(0));
  }

  @Test
  void fetcherGivesUp_thoseWhoWaitAreToldAtOnce() throws Exception {
    List<Instance> all = rig.startAll("home", "one", "two");
    Answer one = all.get(1).ask(Told.ask(AT_HOME, V1, 0, 5000));
    Answer two = all.get(2).ask(Told.ask(AT_HOME, V1, 0, 5000));
    one.grant().end();
    assertEquals(0, two.wholeFrom(0).length);
    assertEquals(1, all.get(2).count("missed_total"));
  }

  @Test
  void fetcherDies_thoseWhoWaitAreToldAtOnce_andTheNextFetches() throws Exception {
    List<Instance> all = rig.startAll("home", "one", "two");
    all.get(1).ask(Told.ask(AT_HOME, V1, 0, 5000)).grant();
    Answer two = all.get(2).ask(Told.ask(AT_HOME, V1, 0, 5000));
    assertEquals(new Coming(V1, 5000), two.word);
    FleetRig.await(all.get(1).neighbours.close());
    assertEquals(0, two.wholeFrom(0).length);
    all.get(2).ask(Told.ask(AT_HOME, V1, 0, 5000)).grant();
  }

  @Test
  void homeDies_thoseWhoWaitAreTold_andNobodyWaitsForItAgain() throws Exception {
    List<Instance> all = rig.startAll("home", "one", "two");
    all.get(1).ask(Told.ask(AT_HOME, V1, 0, 5000));
    Answer two = all.get(2).ask(Told.ask(AT_HOME, V1, 0, 5000));
    FleetRig.await(all.get(0).neighbours.close());
    assertEquals(0, two.wholeFrom(0).length);
    assertNull(fetch(all.get(2).ask(Told.ask(AT_HOME, V1, 0, 5000))).grant());
    assertEquals(1, all.get(2).count("away_total"));
    rig.leave("home");
    Eventually.eventually(
        "another one is its home",
        () -> {
          Answer again = new Answer();
          all.get(2).neighbours.ask(Told.ask(AT_HOME, V1, 0, 5000), again);
          Eventually.eventually("it is answered", again.said.future()::isComplete);
          return again.said.future().result() instanceof Fetch fetch && fetch.grant() != null;
        });
  }

  @Test
  void dataGoWhileTheyAreSent_anEndIsTold() throws Exception {
    List<Instance> all = rig.startAll("home", "one");
    FileKey file = FleetRig.fileAt("home", "home", "one");
    FakeShelf shelf = all.get(0).shelf;
    shelf.put(file, V1, 0, 8 * MIB);
    Answer answer = new Answer();
    answer.said.future().onComplete(word -> shelf.forget(file));
    all.get(1).neighbours.ask(Told.ask(file, 0, 8 * MIB), answer);
    byte[] came = answer.wholeFrom(0);
    assertArrayEquals(Told.bytes(V1, 0, came.length), came);
  }

  @Test
  void olderVersionIsPutLate_theNewerStays() throws Exception {
    List<Instance> all = rig.startAll("home", "one");
    FileKey file = FleetRig.fileAt("home", "home", "one");
    Answer one = all.get(1).ask(Told.ask(file, V1, 0, 5000));
    all.get(0).shelf.put(file, V2, 0, 100);
    one.grant().put(V1, 0, Told.buffer(V1, 0, 5000));
    Eventually.eventually("it is there", () -> all.get(0).count("taken_bytes_total") == 5000);
    assertEquals(V2, all.get(0).shelf.version(file));
  }

  @Test
  void moreIsPutThanMayWait_theRestIsDropped_andCounted() throws Exception {
    NeighbourBounds small =
        new NeighbourBounds(
            FleetRig.BOUNDS.answerNanos(), FleetRig.BOUNDS.waitNanos(), 64, 1 << 18, MIB, 16);
    rig.start("home");
    Instance one = rig.start("one", FleetRig.SECRET, small);
    Eventually.eventually("reached", () -> one.count("reached") == 1);
    FileKey file = FleetRig.fileAt("home", "home", "one");
    one.ask(Told.ask(file, V1, 0, 8 * MIB)).grant().put(V1, 0, Told.buffer(V1, 0, 8 * MIB));
    Eventually.eventually(
        "all is sent or dropped",
        () -> one.count("put_bytes_total") + one.count("put_dropped_bytes_total") == 8 * MIB);
    assertTrue(one.count("put_bytes_total") >= MIB);
  }

  // A machine that hangs: connected, and nothing comes back.
  @Test
  void homeIsSilent_aCallIsHeldForABoundedTime_andTheNextNotAtAll() throws Exception {
    NeighbourBounds bounds =
        new NeighbourBounds(
            TimeUnit.MILLISECONDS.toNanos(20), FleetRig.BOUNDS.waitNanos(), 64, 1 << 18, MIB, 16);
    Instance one = rig.start("one", FleetRig.SECRET, bounds);
    try (SilentHome home = new SilentHome("home")) {
      rig.say("home", new NeighbourPlace("127.0.0.1", home.port(), FleetRig.ORIGIN).write());
      Eventually.eventually("reached", () -> one.count("reached") == 1);
      FileKey file = FleetRig.fileAt("home", "home", "one");
      assertNull(fetch(one.ask(Told.ask(file, V1, 0, 5000))).grant());
      assertEquals(1, one.count("late_total"));
      assertNull(fetch(one.ask(Told.ask(file, V1, 0, 5000))).grant());
      assertEquals(1, one.count("late_total"));
      assertEquals(1, one.count("away_total"));
      Eventually.eventually("given up", () -> one.count("reached") == 0);
    }
  }

  // It has taken the grant too late: nobody is to wait for what it does not fetch for them.
  @Test
  void wordComesTooLate_whatItGrantsIsGivenBack() throws Exception {
    NeighbourBounds bounds =
        new NeighbourBounds(
            TimeUnit.MILLISECONDS.toNanos(20), FleetRig.BOUNDS.waitNanos(), 64, 1 << 18, MIB, 16);
    Instance one = rig.start("one", FleetRig.SECRET, bounds);
    try (SilentHome home = new SilentHome("home")) {
      rig.say("home", new NeighbourPlace("127.0.0.1", home.port(), FleetRig.ORIGIN).write());
      Eventually.eventually("reached", () -> one.count("reached") == 1);
      FileKey file = FleetRig.fileAt("home", "home", "one");
      one.ask(Told.ask(file, V1, 0, 5000));
      home.say(new NeighbourFrame.Yours(home.asked().number(), true));
      assertEquals(new NeighbourFrame.GivenUp(file, 0, 5000), home.next());
      Eventually.eventually(
          "it is asked again",
          () -> {
            one.neighbours.ask(Told.ask(file, V1, 0, 5000), new Answer());
            return one.count("asked_total") >= 2;
          });
    }
  }

  @Test
  void piecesThatAreNotWhatTheySayTheyAre_areNotUsed() throws Exception {
    Instance one = rig.start("one");
    try (SilentHome home = new SilentHome("home")) {
      rig.say("home", new NeighbourPlace("127.0.0.1", home.port(), FleetRig.ORIGIN).write());
      Eventually.eventually("reached", () -> one.count("reached") == 1);
      FileKey file = FleetRig.fileAt("home", "home", "one");
      ByteBuf data = Told.buffer(V1, 0, 100);
      int sum = PieceSum.of(file, V1, 0, data);
      ByteBuf other = Told.buffer(V2, 0, 100);
      List<NeighbourFrame.Piece> wrong = new ArrayList<>();
      wrong.add(new NeighbourFrame.Piece(0, V1, 0, sum ^ 1, data));
      wrong.add(new NeighbourFrame.Piece(0, V1, 0, sum, other));
      wrong.add(new NeighbourFrame.Piece(0, V1, 1, sum, data));
      wrong.add(new NeighbourFrame.Piece(0, V2, 0, PieceSum.of(file, V2, 0, other), other));
      ByteBuf behind = Told.buffer(V1, 4950, 5050);
      wrong.add(new NeighbourFrame.Piece(0, V1, 4950, PieceSum.of(file, V1, 4950, behind), behind));
      int number = 0;
      for (NeighbourFrame.Piece each : wrong) {
        Answer answer = new Answer();
        one.neighbours.ask(Told.ask(file, 0, 5000), answer);
        assertEquals(number, home.asked().number());
        home.say(new NeighbourFrame.Comes(number, V1, 5000, true));
        home.say(
            new NeighbourFrame.Piece(
                number, each.version(), each.offset(), each.sum(), each.data()));
        home.say(new NeighbourFrame.End(number));
        assertEquals(0, answer.wholeFrom(0).length);
        number++;
        assertEquals(number, one.count("damaged_total"));
      }
    }
  }

  @Test
  void piecesPutAtAHome_thatAreNotWhatTheySayTheyAre_areNotKept() throws Exception {
    Instance home = rig.start("home");
    try (Stranger member = new Stranger(home.neighbours.port(), FleetRig.SECRET, "one")) {
      FileKey file = FleetRig.fileAt("home", "home", "one");
      ByteBuf data = Told.buffer(V1, 0, 100);
      int sum = PieceSum.of(file, V1, 0, data);
      member.say(new NeighbourFrame.Put(file, V1, 0, sum ^ 1, data));
      member.say(new NeighbourFrame.Put(file, V2, 0, sum, data));
      member.say(new NeighbourFrame.Put(Told.file(9999), V1, 0, sum, data));
      FileVersion small = Told.version(3, 50);
      member.say(new NeighbourFrame.Put(file, small, 0, PieceSum.of(file, small, 0, data), data));
      Eventually.eventually("all are seen", () -> home.count("damaged_total") == 4);
      assertNull(home.shelf.version(file));
      member.say(new NeighbourFrame.Put(file, V1, 0, sum, data));
      Eventually.eventually("it is kept", () -> V1.equals(home.shelf.version(file)));
    }
  }

  @Test
  void strangerAtTheDoor_isToldNothing() throws Exception {
    Instance home = rig.start("home");
    FileKey file = Told.file(1);
    home.shelf.put(file, V1, 0, 5000);
    byte[] other = "another secret, of somebody else".getBytes(StandardCharsets.US_ASCII);
    try (Stranger stranger = new Stranger(home.neighbours.port(), other, "one")) {
      stranger.say(new NeighbourFrame.Ask(1, Told.ask(file, 0, 5000)));
      assertTrue(stranger.isClosedWithoutAWord());
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), home.neighbours.port())) {
      socket
          .getOutputStream()
          .write(Told.record(new NeighbourFrame.Ask(1, Told.ask(file, 0, 5000))));
      assertEquals(CHALLENGE_BYTES, bytesSaid(socket));
    }
    assertEquals(2, home.count("strangers_total"));
    assertEquals(0, home.count("asked_total"));
  }

  // What was heard on one connection is no proof on another: each has a challenge of its own.
  @Test
  void proofOfAnotherConnection_isNone() throws Exception {
    Instance home = rig.start("home");
    try (Stranger member = new Stranger(home.neighbours.port(), FleetRig.SECRET, "one")) {
      Eventually.eventually("it is a member", () -> home.count("connected") == 1);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), home.neighbours.port())) {
        socket.getOutputStream().write(Told.record(member.hello));
        assertEquals(CHALLENGE_BYTES, bytesSaid(socket));
      }
    }
    assertEquals(1, home.count("strangers_total"));
  }

  @Test
  void homeThatDoesNotKnowTheSecret_isAskedNothing() throws Exception {
    byte[] other = "another secret, of somebody else".getBytes(StandardCharsets.US_ASCII);
    Instance one = rig.start("one");
    Instance home = rig.start("home", other, FleetRig.BOUNDS);
    FileKey file = FleetRig.fileAt("home", "home", "one");
    Eventually.eventually("it was tried", () -> home.count("strangers_total") > 0);
    assertNull(fetch(one.ask(Told.ask(file, V1, 0, 5000))).grant());
    assertEquals(0, one.count("reached"));
  }

  @Test
  void instanceOfAnotherOrigin_isNoHome() throws Exception {
    Instance one = rig.start("one");
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      rig.say("home", new NeighbourPlace("127.0.0.1", other.getLocalPort(), "elsewhere").write());
      FileKey file = FleetRig.fileAt("home", "home", "one");
      assertNull(fetch(one.ask(Told.ask(file, V1, 0, 5000))).grant());
      assertEquals(0, one.count("away_total"));
    }
  }

  @Test
  void strangersWhoSayNothing_makeRoomForOthers() throws Exception {
    Instance home = rig.start("home");
    List<Socket> many = new ArrayList<>();
    try {
      for (int i = 0; i < NeighbourServer.STRANGERS_MAX + 10; i++) {
        many.add(new Socket(InetAddress.getLoopbackAddress(), home.neighbours.port()));
      }
      try (Stranger member = new Stranger(home.neighbours.port(), FleetRig.SECRET, "one")) {
        Eventually.eventually("it is a member", () -> home.count("connected") == 1);
      }
    } finally {
      for (Socket each : many) {
        each.close();
      }
    }
  }
}
