package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.read;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.write;

import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// A client chooses its xids. At the origin there is never more than one call of one xid and one
// connection, so that a reply always belongs to the call it is read for.
class SameXidTest {
  private static final int LONG_BYTES = 300_000;

  /** An origin that tells which calls have come, and answers when it is told to. */
  private static final class Waiting implements FakeOrigin.Script {
    final BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();
    final BlockingQueue<byte[]> replies = new LinkedBlockingQueue<>();

    @Override
    public void serve(FakeOriginConnection connection) throws java.io.IOException {
      Thread answering = new Thread(() -> answer(connection));
      answering.setDaemon(true);
      answering.start();
      for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
        came.add(call);
      }
    }

    private void answer(FakeOriginConnection connection) {
      try {
        while (connection.sendIfOpen(replies.take())) {
          continue;
        }
      } catch (InterruptedException end) {
        Thread.currentThread().interrupt();
      }
    }

    byte[] next() throws InterruptedException {
      return came.poll(Eventually.MILLIS_MAX, TimeUnit.MILLISECONDS);
    }

    boolean isQuiet() throws InterruptedException {
      return came.poll(300, TimeUnit.MILLISECONDS) == null;
    }
  }

  private static byte[] message(byte[] record) {
    return Arrays.copyOfRange(record, 4, record.length);
  }

  @Test
  void callsOfOneXid_areAtTheOriginOneAfterTheOther_inTheirOrder_andOthersGoOn() throws Exception {
    Waiting origin = new Waiting();
    try (FakeOrigin listening = FakeOrigin.start(origin);
        ProxyUnderTest proxy = ProxyUnderTest.before(listening).start();
        RawClient client = proxy.connect()) {
      byte[] longer = record(write(7, 2_000));
      client.send(nfsNull(7), longer, read(7), nfsNull(8));
      assertArrayEquals(message(nfsNull(7)), origin.next());
      assertArrayEquals(message(nfsNull(8)), origin.next());
      assertTrue(origin.isQuiet());
      origin.replies.add(reply(8, (byte) 8));
      assertEquals(8, word(client.receive(), 0));
      assertTrue(origin.isQuiet());
      origin.replies.add(reply(7, new byte[4]));
      assertArrayEquals(replyMessage(7, new byte[4]), client.receive());
      assertArrayEquals(message(longer), origin.next());
      assertTrue(origin.isQuiet());
      origin.replies.add(reply(7, new byte[8]));
      assertArrayEquals(replyMessage(7, new byte[8]), client.receive());
      assertArrayEquals(message(read(7)), origin.next());
      origin.replies.add(reply(7, new byte[12]));
      assertArrayEquals(replyMessage(7, new byte[12]), client.receive());
      assertArrayEquals(replyMessage(9), answered(origin, client, 9));
    }
  }

  private static byte[] answered(Waiting origin, RawClient client, int xid) throws Exception {
    client.send(nfsNull(xid));
    assertEquals(xid, word(origin.next(), 0));
    origin.replies.add(reply(xid));
    return client.receive();
  }

  @Test
  void callSentAgainByAnImpatientClient_getsItsReply_andTheConnectionGoesOn() throws Exception {
    Waiting origin = new Waiting();
    try (FakeOrigin listening = FakeOrigin.start(origin);
        ProxyUnderTest proxy = ProxyUnderTest.before(listening).start();
        RawClient client = proxy.connect()) {
      int calls = 200;
      for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < calls; i++) {
          client.send(read(i));
        }
      }
      for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < calls; i++) {
          assertEquals(i, word(origin.next(), 0));
        }
        assertTrue(origin.isQuiet());
        for (int i = 0; i < calls; i++) {
          origin.replies.add(reply(i));
          assertEquals(i, word(client.receive(), 0));
        }
      }
      assertEquals(77, word(answered(origin, client, 77), 0));
    }
  }

  @Test
  void longWriteOfAnXidInUse_doesNotBegin_beforeTheOtherHasItsReply() throws Exception {
    Waiting origin = new Waiting();
    CountDownLatch first = new CountDownLatch(1);
    try (FakeOrigin listening = FakeOrigin.start(origin);
        ProxyUnderTest proxy = ProxyUnderTest.before(listening).start();
        RawClient client = proxy.connect()) {
      byte[] write = record(write(7, LONG_BYTES));
      client.send(nfsNull(7), Arrays.copyOf(write, LONG_BYTES / 2));
      assertArrayEquals(message(nfsNull(7)), origin.next());
      eventually("what there is, is kept", () -> proxy.recordBytesHeld() > LONG_BYTES / 3);
      origin.replies.add(reply(7));
      assertEquals(7, word(client.receive(), 0));
      client.send(Arrays.copyOfRange(write, LONG_BYTES / 2, write.length));
      assertArrayEquals(message(write), origin.next());
      first.countDown();
    }
  }

  // The calls that wait are sent behind the write: not into the midst of it.
  @Test
  void callWhoseTurnComes_whileALongWriteArrives_goesBehindIt() throws Exception {
    Waiting origin = new Waiting();
    try (FakeOrigin listening = FakeOrigin.start(origin);
        ProxyUnderTest proxy = ProxyUnderTest.before(listening).start();
        RawClient client = proxy.connect()) {
      byte[] write = record(write(9, LONG_BYTES));
      client.send(nfsNull(7), read(7));
      assertArrayEquals(message(nfsNull(7)), origin.next());
      client.send(Arrays.copyOf(write, LONG_BYTES / 2));
      eventually("it has begun", () -> proxy.recordBytesHeld() < 60_000);
      origin.replies.add(reply(7));
      assertEquals(7, word(client.receive(), 0));
      assertTrue(origin.isQuiet());
      client.send(Arrays.copyOfRange(write, LONG_BYTES / 2, write.length));
      assertArrayEquals(message(write), origin.next());
      assertArrayEquals(message(read(7)), origin.next());
    }
  }

  @Test
  void callsThatWaitForNothing_areClosedAfterSameXidMillis_andGivenBack() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::beSilent);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("sameXidMillis", 1000).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(7), nfsNull(7));
      eventually("it is counted", () -> proxy.recordBytesHeld() > 44);
      assertEquals(0, client.awaitClosed().length);
      eventually("it is given back", () -> proxy.recordBytesHeld() == 0);
    }
  }

  @Test
  void callsThatWait_countAsCallsInFlight() throws Exception {
    Waiting origin = new Waiting();
    try (FakeOrigin listening = FakeOrigin.start(origin);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(listening).limit("callsInFlightMax", 3).start();
        RawClient client = proxy.connect()) {
      client.send(concat(nfsNull(7), nfsNull(7), nfsNull(7)));
      assertEquals(7, word(origin.next(), 0));
      eventually("two are kept", () -> proxy.recordBytesHeld() > 2 * 44);
      client.send(nfsNull(8));
      assertNull(origin.came.poll(300, TimeUnit.MILLISECONDS));
      origin.replies.add(reply(7));
      assertEquals(7, word(client.receive(), 0));
      assertEquals(7, word(origin.next(), 0));
      assertEquals(8, word(origin.next(), 0));
    }
  }
}
