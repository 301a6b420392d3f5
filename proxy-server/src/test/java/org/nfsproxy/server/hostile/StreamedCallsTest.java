package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Wire.NFS;
import static org.nfsproxy.server.fakes.Wire.call;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.marker;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.write;
import static org.nfsproxy.server.fakes.Wire.xdr;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.xdr.XdrWriter;

// A long WRITE goes to the origin while it is still on its way from the client; what is not allowed
// at its end has then not been executed.
class StreamedCallsTest {
  private static final int MIB = 1 << 20;
  private static final int GARBAGE_ARGS = 4;

  /** A call that is long, and tells by its bytes where it was mixed up. */
  private static byte[] longWrite(int xid) {
    byte[] message = write(xid, MIB);
    byte[] payload = new byte[MIB - 200];
    new Random(xid).nextBytes(payload);
    System.arraycopy(payload, 0, message, 150, payload.length);
    return message;
  }

  private static byte[] compound(int xid, int minor, int count, Consumer<XdrWriter> operations) {
    return call(
        xid, NFS, 4, 1, out -> operations.accept(out.string("a tag").int32(minor).int32(count)));
  }

  private static XdrWriter putfhAndWrite(XdrWriter out, int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    new Random(1).nextBytes(payload);
    out.int32(22).opaque(new byte[28]);
    return out.int32(38).fixed(new byte[16]).int64(0).int32(0).opaque(payload);
  }

  private static final int HELLO = 99;
  private static final int REFUSED = 66;

  /** An origin that tells how many bytes have come since {@link #hello}. */
  private static FakeOrigin counting(BlockingQueue<Integer> arrived) throws IOException {
    return FakeOrigin.start(
        connection -> {
          byte[] first = connection.receive();
          if (first == null || word(first, 0) != HELLO) {
            connection.beSilent();
            return;
          }
          connection.send(reply(HELLO));
          for (int bytes = 0; ; bytes++) {
            connection.bytes(1);
            if (bytes % 1_000 == 0) {
              arrived.add(bytes);
            }
          }
        });
  }

  /** Has the proxy connect to the origin: no call is begun before. */
  private static void hello(RawClient client) throws IOException {
    assertNotNull(client.ask(nfsNull(HELLO)));
  }

  private static void awaitBytes(BlockingQueue<Integer> arrived, int bytes) throws Exception {
    Integer last = 0;
    while (last != null && last < bytes) {
      last = arrived.poll(Eventually.MILLIS_MAX, TimeUnit.MILLISECONDS);
    }
    assertTrue(last != null, "fewer than " + bytes + " bytes came");
  }

  private static void assertNothingArrives(BlockingQueue<Integer> arrived) throws Exception {
    assertEquals(null, arrived.poll(300, TimeUnit.MILLISECONDS));
  }

  private static void assertBegins(ProxyUnderTest proxy) {
    Eventually.eventually("much is held", () -> proxy.recordBytesHeld() > 0);
    Eventually.eventually("little is held", () -> proxy.recordBytesHeld() < 8_000);
    assertTrue(proxy.recordBytesHeld() > 0, "the beginning is held");
  }

  @Test
  void longWrite_reachesTheOrigin_whileItsEndHasNotArrived() throws Exception {
    byte[] sent = record(longWrite(1));
    BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
    try (FakeOrigin origin = counting(arrived);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      hello(client);
      client.send(Arrays.copyOf(sent, 2_000));
      client.send(Arrays.copyOfRange(sent, 2_000, MIB / 2));
      awaitBytes(arrived, MIB / 2 - 6_000);
      Eventually.eventually("held are the ends only", () -> proxy.recordBytesHeld() < 8_000);
    }
  }

  @Test
  void longWriteThatIsTheFirstCall_beginsWhenTheOriginIsConnected() throws Exception {
    byte[] sent = record(longWrite(2));
    BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.bytes(400_000);
                  arrived.add(400_000);
                  connection.beSilent();
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      client.send(Arrays.copyOf(sent, 500_000));
      awaitBytes(arrived, 400_000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {600, 5_000, 64_000, 300_000})
  void longAndShortCalls_inPiecesOfAnySize_arriveByteForByteAndInOrder(int pieceMax)
      throws Exception {
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      messages.add(i % 3 == 2 ? write(i, 3_000) : longWrite(i));
      int payloadBytes = 100_000 + i;
      messages.add(
          compound(
              100 + i, 0, 3, out -> putfhAndWrite(out, payloadBytes).int32(9).int32(1).int32(16)));
    }
    Random random = new Random(pieceMax);
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      hello(client);
      Thread sender = new Thread(() -> sendInPieces(client, messages, random, pieceMax));
      sender.start();
      Map<Integer, byte[]> replies = new HashMap<>();
      for (int i = 0; i < messages.size(); i++) {
        byte[] reply = client.receive();
        replies.put(word(reply, 0), reply);
      }
      for (byte[] message : messages) {
        int xid = word(message, 0);
        assertArrayEquals(replyMessage(xid, message), replies.get(xid));
      }
      sender.join();
    }
  }

  private static void sendInPieces(
      RawClient client, List<byte[]> messages, Random random, int pieceMax) {
    try {
      for (byte[] message : messages) {
        byte[] record = record(message);
        for (int at = 0; at < record.length; ) {
          int next = Math.min(record.length, at + 1 + random.nextInt(pieceMax));
          client.send(Arrays.copyOfRange(record, at, next));
          at = next;
        }
      }
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  @Test
  void longCallInTwoFragments_arrivesWhole() throws Exception {
    byte[] message = longWrite(4);
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      hello(client);
      client.send(marker(300_000), Arrays.copyOf(message, 300_000));
      client.send(marker(0x8000_0000 | MIB - 300_000), Arrays.copyOfRange(message, 300_000, MIB));
      assertArrayEquals(replyMessage(4, message), client.receive());
    }
  }

  @Test
  void squashedLongWrite_arrivesWithTheOtherCredential_andAllOfItsPayload() throws Exception {
    byte[] plain = longWrite(5);
    byte[] arguments = Arrays.copyOfRange(plain, 40, plain.length);
    byte[] own = xdr(out -> out.int32(0).string("c").int32(0).int32(0).int32(2).int32(0).int32(1));
    byte[] anonymous = xdr(out -> out.int32(0).string("c").int32(65534).int32(65534).int32(0));
    JsonObject squash = new JsonObject().put("squash", "all");
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .section("exports", new JsonObject().put("parameters", squash))
                .start();
        RawClient client = proxy.connect()) {
      hello(client);
      byte[] call = record(call(5, NFS, 3, 7, 1, own, out -> out.fixed(arguments)));
      client.send(Arrays.copyOf(call, 100_000));
      Eventually.pause(100);
      client.send(Arrays.copyOfRange(call, 100_000, call.length));
      assertArrayEquals(
          replyMessage(5, call(5, NFS, 3, 7, 1, anonymous, out -> out.fixed(arguments))),
          client.receive());
    }
  }

  // The origin executes whole records only, so what it got of this one never happened.
  @Test
  void callRefusedForWhatStandsBehindItsPayload_isNeverWhole_andIsAnsweredWhenSentAgain()
      throws Exception {
    byte[] message =
        compound(REFUSED, 0, 3, out -> putfhAndWrite(out, 200_000).int32(22).int32(-1));
    byte[] record = record(message);
    List<Integer> executed = new CopyOnWriteArrayList<>();
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  while (call != null) {
                    executed.add(word(call, 0));
                    connection.send(reply(word(call, 0)));
                    call = connection.receive();
                  }
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start()) {
      try (RawClient client = proxy.connect()) {
        hello(client);
        client.send(Arrays.copyOf(record, 150_000));
        assertBegins(proxy);
        client.send(Arrays.copyOfRange(record, 150_000, record.length));
        assertEquals(0, client.awaitClosed().length);
      }
      try (RawClient again = proxy.connect()) {
        hello(again);
        again.send(Arrays.copyOf(record, 150_000));
        Eventually.eventually("it is kept", () -> proxy.recordBytesHeld() > 140_000);
        again.send(Arrays.copyOfRange(record, 150_000, record.length));
        byte[] answer = again.receive();
        assertEquals(REFUSED, word(answer, 0));
        assertEquals(GARBAGE_ARGS, word(answer, 5));
        hello(again);
      }
      assertFalse(executed.contains(REFUSED));
      assertEquals(3, Collections.frequency(executed, HELLO));
    }
  }

  @Test
  void clientThatLeavesInsideACallThatHasBegun_leavesNothingBehind() throws Exception {
    byte[] sent = record(longWrite(7));
    BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
    try (FakeOrigin origin = counting(arrived);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start()) {
      for (int i = 0; i < 10; i++) {
        try (RawClient client = proxy.connect()) {
          hello(client);
          client.send(Arrays.copyOf(sent, 100_000 + i * 50_000));
          awaitBytes(arrived, 90_000);
          arrived.clear();
        }
      }
      Eventually.eventually("all have left", () -> proxy.connections() == 0);
      assertEquals(0, proxy.recordBytesHeld());
    }
  }

  @Test
  void originThatDoesNotRead_stopsTheClientInsideItsCall() throws Exception {
    byte[] sent = record(write(8, 64 * MIB - 4));
    try (FakeOrigin origin = FakeOrigin.start(connection -> Eventually.pause(5_000));
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("recordBytesMax", 64 * MIB).start();
        RawClient client = proxy.connect()) {
      Thread sender =
          new Thread(
              () -> {
                client.sendIfOpen(nfsNull(1));
                client.sendIfOpen(sent);
              });
      sender.start();
      sender.join(2_000);
      assertTrue(sender.isAlive(), "64 MiB went somewhere");
      assertTrue(proxy.recordBytesHeld() < 16 * MIB, proxy.recordBytesHeld() + " bytes held");
    }
  }

  // It may be answered with NFS4ERR_DELAY, and is needed whole then.
  @Test
  void longWriteInASession_onAYoungConnection_isKeptWhole() throws Exception {
    byte[] message =
        compound(
            9,
            1,
            3,
            out ->
                putfhAndWrite(
                    out.int32(53).fixed(new byte[16]).int32(1).int32(0).int32(0).int32(0),
                    200_000));
    assertKeptWhole(message, "wholeBytesMax", 65536);
  }

  @Test
  void longWrite_withABoundAboveIt_isKeptWhole() throws Exception {
    assertKeptWhole(longWrite(10), "wholeBytesMax", 2 * MIB);
  }

  private static void assertKeptWhole(byte[] message, String key, int value) throws Exception {
    byte[] sent = record(message);
    BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
    try (FakeOrigin origin = counting(arrived);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).calls(key, value).start();
        RawClient client = proxy.connect()) {
      hello(client);
      client.send(Arrays.copyOf(sent, sent.length - 1));
      assertNothingArrives(arrived);
      client.send(new byte[] {sent[sent.length - 1]});
      awaitBytes(arrived, sent.length - 2_000);
    }
  }

  @Test
  void sealedLongCall_begins_andArrivesByteForByte() throws Exception {
    byte[] credential = xdr(out -> out.int32(1).int32(0).int32(9).int32(3).opaque(new byte[12]));
    byte[] sealed = new byte[MIB];
    new Random(12).nextBytes(sealed);
    byte[] message = call(11, NFS, 4, 1, 6, credential, out -> out.opaque(sealed));
    byte[] record = record(message);
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      hello(client);
      client.send(Arrays.copyOf(record, 500_000));
      assertBegins(proxy);
      client.send(Arrays.copyOfRange(record, 500_000, record.length));
      assertArrayEquals(replyMessage(11, message), client.receive());
    }
  }

  @Test
  void proxyThatStopsInsideACallThatHasBegun_leavesItUnfinished() throws Exception {
    byte[] sent = record(longWrite(12));
    BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
    try (FakeOrigin origin = counting(arrived);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      hello(client);
      client.send(concat(Arrays.copyOf(sent, MIB / 2)));
      awaitBytes(arrived, MIB / 4);
      ProxyUnderTest.await(proxy.stop());
    }
  }
}
