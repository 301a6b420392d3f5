package org.nfsproxy.server.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.crumbs;
import static org.nfsproxy.server.fakes.Wire.marker;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.words;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// Records as clients may cut them, and byte streams that are none.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClientRecords {
  private static final int RECORD_BYTES_MAX = 64 * 1024;
  private static final int LAST = 0x8000_0000;

  private final List<Integer> xidsAtOrigin = new CopyOnWriteArrayList<>();
  private final Reached reached;
  private FakeOrigin origin;
  private ProxyUnderTest proxy;

  /** On a way. */
  ClientRecords(Reached reached) {
    this.reached = reached;
  }

  @BeforeAll
  void start() throws Exception {
    origin =
        FakeOrigin.start(
            connection -> {
              for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
                xidsAtOrigin.add(word(call, 0));
                byte[] results = call.length == RECORD_BYTES_MAX ? words(call.length) : call;
                connection.send(Wire.reply(word(call, 0), results));
              }
            });
    proxy =
        reached
            .settings(ProxyUnderTest.before(origin).limit("recordBytesMax", RECORD_BYTES_MAX))
            .start();
  }

  @AfterAll
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private void assertCloses(byte[]... bytes) throws Exception {
    try (RawClient client = reached.connect(proxy)) {
      client.sendIfOpen(bytes);
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0xffff_ffff, 0x7fff_ffff, LAST | RECORD_BYTES_MAX + 1, RECORD_BYTES_MAX + 1})
  void recordAnnouncedTooLong_isClosedAtItsMarker(int marker) throws Exception {
    assertCloses(marker(marker));
  }

  @Test
  void fragmentsTooLongTogether_areClosedAtTheMarkerThatSaysSo() throws Exception {
    byte[] half = new byte[RECORD_BYTES_MAX / 2];
    assertCloses(marker(half.length), half, marker(half.length), half, marker(1));
  }

  @Test
  void callOfExactlyTheBound_passes_andOneByteMoreCloses() throws Exception {
    byte[] longest = Wire.write(1, RECORD_BYTES_MAX);
    assertEquals(RECORD_BYTES_MAX, longest.length);
    try (RawClient client = reached.connect(proxy)) {
      assertArrayEquals(replyMessage(1, words(RECORD_BYTES_MAX)), client.ask(record(longest)));
      client.sendIfOpen(record(Arrays.copyOf(longest, longest.length + 1)));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void otherProtocols_areClosed() throws Exception {
    assertCloses("GET / HTTP/1.1\r\nHost: nfs.example.com\r\n\r\n".getBytes(US_ASCII));
    assertCloses("SSH-2.0-OpenSSH_9.2p1\r\n".getBytes(US_ASCII));
    assertCloses(HexFormat.of().parseHex("160301020001000001fc0303" + "00".repeat(32)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 7})
  void messageTooShortForItsType_isClosed(int length) throws Exception {
    assertCloses(record(new byte[length]));
  }

  @Test
  void messageNeitherCallNorReply_isClosed() throws Exception {
    assertCloses(record(words(1, 2, 2, Wire.NFS, 3, 0, 0, 0, 0, 0)));
  }

  @Test
  void messageThatIsNone_behindACall_isClosed_withoutHarmToOthers() throws Exception {
    try (RawClient other = reached.connect(proxy)) {
      assertEquals(1, word(other.ask(nfsNull(1)), 0));
      try (RawClient client = reached.connect(proxy)) {
        client.send(nfsNull(2), record(new byte[0]));
        client.awaitClosed();
      }
      assertEquals(3, word(other.ask(nfsNull(3)), 0));
    }
  }

  @Test
  void callThatDripsByteByByte_isAnswered() throws Exception {
    byte[] message = Wire.write(5, 200);
    try (RawClient client = reached.connect(proxy)) {
      client.drip(record(message));
      assertArrayEquals(replyMessage(5, message), client.receive());
    }
  }

  @Test
  void recordInFragmentsOfOneByte_withAnEmptyLastOne_reachesTheOriginAsTheSameMessage()
      throws Exception {
    byte[] message = Wire.write(6, 40_000);
    try (RawClient client = reached.connect(proxy)) {
      assertArrayEquals(replyMessage(6, message), client.ask(crumbs(message)));
    }
  }

  @Test
  void manyCallsInOneSegment_arriveAllAndInOrder() throws Exception {
    int[] xids = IntStream.range(0x1000, 0x1000 + 1000).toArray();
    byte[] segment = concat(Arrays.stream(xids).mapToObj(Wire::nfsNull).toArray(byte[][]::new));
    try (RawClient client = reached.connect(proxy)) {
      xidsAtOrigin.clear();
      client.send(segment);
      for (int xid : xids) {
        assertEquals(xid, word(client.receive(), 0));
      }
      assertEquals(Arrays.stream(xids).boxed().toList(), xidsAtOrigin);
    }
  }

  @Test
  void replyOfAClient_toNoCallback_isDropped() throws Exception {
    try (RawClient client = reached.connect(proxy)) {
      client.send(Wire.reply(9));
      assertEquals(10, word(client.ask(nfsNull(10)), 0));
      client.send(Wire.reply(9));
      assertEquals(11, word(client.ask(nfsNull(11)), 0));
    }
  }
}
