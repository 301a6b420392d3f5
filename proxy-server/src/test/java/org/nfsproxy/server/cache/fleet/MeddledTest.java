package org.nfsproxy.server.cache.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Neighbourhood.Coming;
import org.nfsproxy.server.cache.fleet.FleetRig.Answer;
import org.nfsproxy.server.cache.fleet.FleetRig.Instance;
import org.nfsproxy.server.fakes.Eventually;

/** Somebody stands between two instances: nothing is believed of what he changes. */
@Timeout(120)
class MeddledTest {
  private static final FileVersion V1 = Told.version(1);
  private static final int PIECE = NeighbourFrame.DATA_BYTES_MAX;
  private static final int ALL = 8 * PIECE;
  private static final FileKey FILE = FleetRig.fileAt("home", "home", "one");

  private final FleetRig rig = new FleetRig();
  private Instance home;
  private Instance one;
  private Meddler meddler;

  @BeforeEach
  void connect() throws Exception {
    home = rig.start("home");
    meddler = new Meddler(home.neighbours.port());
    rig.say("home", new NeighbourPlace("127.0.0.1", meddler.port(), FleetRig.ORIGIN).write());
    one = rig.start("one");
    Eventually.eventually("reached", () -> one.count("reached") == 1);
  }

  @AfterEach
  void close() throws Exception {
    meddler.close();
    rig.close();
  }

  /** Has data brought, with a trick played on the first piece, and on none of the next question. */
  private void isNotBelieved(Meddler.Trick trick) throws Exception {
    home.shelf.put(FILE, V1, 0, ALL);
    meddler.next.set(trick);
    Answer answer = one.ask(Told.ask(FILE, 0, ALL));
    assertEquals(new Coming(V1, ALL), answer.word);
    byte[] came = answer.wholeFrom(0);
    assertTrue(came.length <= PIECE, () -> came.length + " bytes");
    assertArrayEquals(Told.bytes(V1, 0, came.length), came);
    assertEquals(0, one.count("damaged_total"));
    Eventually.eventually("connected anew", () -> one.count("reached") == 1);
    assertArrayEquals(Told.bytes(V1, 0, ALL), one.ask(Told.ask(FILE, 0, ALL)).wholeFrom(0));
  }

  private void isRefusedByOne(Meddler.Trick trick) throws Exception {
    isNotBelieved(trick);
    assertEquals(1, one.count("unsealed_total"));
    assertEquals(0, home.count("unsealed_total"));
  }

  @Test
  void bitOfAPieceIsFlipped_nothingOfItIsBelieved() throws Exception {
    isRefusedByOne(
        (record, on, back) -> {
          record[record.length / 2] ^= 1;
          on.write(record);
        });
  }

  @Test
  void pieceComesTwice_nothingMoreIsBelieved() throws Exception {
    isRefusedByOne(
        (record, on, back) -> {
          on.write(record);
          on.write(record);
        });
  }

  @Test
  void piecesAreSwapped_neitherIsBelieved() throws Exception {
    isRefusedByOne(
        (first, on, back) ->
            meddler.next.set(
                (second, alsoOn, alsoBack) -> {
                  on.write(second);
                  on.write(first);
                }));
  }

  @Test
  void pieceIsDropped_nothingBehindItIsBelieved() throws Exception {
    isRefusedByOne((record, on, back) -> {});
  }

  @Test
  void pieceIsShorter_itIsNotBelieved() throws Exception {
    isRefusedByOne(
        (record, on, back) -> {
          byte[] shorter = Arrays.copyOf(record, record.length - 1);
          shorter[3]--;
          on.write(shorter);
        });
  }

  @Test
  void connectionIsCutInAPiece_nothingOfThePieceIsBelieved() throws Exception {
    isNotBelieved(
        (record, on, back) -> {
          on.write(record, 0, record.length - 1);
          throw new IOException("cut");
        });
  }

  @Test
  void pieceIsSentBackToItsSender_whoBelievesNothing() throws Exception {
    isNotBelieved(
        (record, on, back) -> {
          back.write(record);
          Eventually.eventually("closed and counted", () -> home.count("unsealed_total") == 1);
          throw new IOException("over");
        });
    assertEquals(1, home.count("unsealed_total"));
  }

  @Test
  void pieceOfAnEarlierConnection_isNotBelieved() throws Exception {
    AtomicReference<byte[]> earlier = new AtomicReference<>();
    isNotBelieved(
        (record, on, back) -> {
          earlier.set(record);
          throw new IOException("cut");
        });
    isRefusedByOne((record, on, back) -> on.write(earlier.get()));
  }

  @Test
  void frameInTheClear_isNotBelieved() throws Exception {
    isRefusedByOne(
        (record, on, back) -> on.write(Told.record(new NeighbourFrame.Comes(0, V1, ALL, true))));
  }

  @Test
  void dataThatArePutAtAHome_areChanged_andNotKept() throws Exception {
    Answer answer = one.ask(Told.ask(FILE, V1, 0, PIECE));
    meddler.next.set(
        (record, on, back) -> {
          record[record.length / 2] ^= 1;
          on.write(record);
        });
    answer.grant().put(V1, 0, Told.buffer(V1, 0, PIECE));
    Eventually.eventually("closed and counted", () -> home.count("unsealed_total") == 1);
    assertNull(home.shelf.version(FILE));
    assertEquals(0, home.count("taken_bytes_total"));
  }

  @Test
  void dataOnTheWay_areNotInTheClear() throws Exception {
    AtomicReference<byte[]> seen = new AtomicReference<>();
    home.shelf.put(FILE, V1, 0, ALL);
    meddler.next.set(
        (record, on, back) -> {
          seen.set(record);
          on.write(record);
        });
    assertArrayEquals(Told.bytes(V1, 0, ALL), one.ask(Told.ask(FILE, 0, ALL)).wholeFrom(0));
    String some = Told.hex(Told.bytes(V1, 0, 32));
    assertTrue(!Told.hex(seen.get()).contains(some), "the file's first bytes are there");
  }

  /** What an instance says to a home of another form. */
  private static int bytesSaidToAHomeOf(int form, FleetRig rig, Instance asks) throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      rig.say(
          "third", new NeighbourPlace("127.0.0.1", other.getLocalPort(), FleetRig.ORIGIN).write());
      try (Socket socket = other.accept()) {
        OutputStream out = socket.getOutputStream();
        out.write(Told.record(new NeighbourFrame.Challenge(form, new byte[32])));
        return NeighboursTest.bytesSaid(socket);
      }
    }
  }

  @Test
  void homeOfAnotherVersion_isToldNothing() throws Exception {
    assertEquals(0, bytesSaidToAHomeOf(1, rig, one));
    assertEquals(0, bytesSaidToAHomeOf(3, rig, one));
  }

  @Test
  void helloOfAnotherVersion_isRefused_whateverItProves() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), home.neighbours.port())) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] record = new byte[in.readInt() & 0x7fffffff];
      in.readFully(record);
      socket
          .getOutputStream()
          .write(
              Told.record(
                  new NeighbourFrame.Hello(
                      NeighbourFrame.FORM + 1, new byte[32], new byte[32], "one")));
      Eventually.eventually("refused", () -> home.count("strangers_total") == 1);
    }
  }
}
