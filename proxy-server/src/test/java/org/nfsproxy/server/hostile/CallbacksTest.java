package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.Wire.callback;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.words;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// From NFSv4.1 on the origin calls the client, on the client's own connection (RFC 8881 section
// 2.10.3.1). Its xids are its own, and may be the same as the client's.
class CallbacksTest {
  private final BlockingQueue<byte[]> atOrigin = new LinkedBlockingQueue<>();

  /** Answers a client's first call with callbacks of these xids before its reply. */
  private FakeOrigin originCalling(int... xids) throws Exception {
    return FakeOrigin.start(
        connection -> {
          byte[] call = connection.receive();
          for (int xid : xids) {
            connection.send(callback(xid));
          }
          connection.send(reply(word(call, 0)));
          for (byte[] next = connection.receive(); next != null; next = connection.receive()) {
            atOrigin.add(next);
            if (word(next, 1) == 0) {
              connection.send(reply(word(next, 0)));
            }
          }
        });
  }

  private byte[] nextAtOrigin() throws InterruptedException {
    return atOrigin.poll(Eventually.MILLIS_MAX, TimeUnit.MILLISECONDS);
  }

  @Test
  void callback_passesToTheClient_andItsReplyToTheOrigin() throws Exception {
    int sameXid = 5;
    try (FakeOrigin origin = originCalling(sameXid);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      assertArrayEquals(callback(sameXid), record(client.ask(nfsNull(sameXid))));
      assertArrayEquals(replyMessage(sameXid), client.receive());
      client.send(reply(sameXid, words(1, 2, 3)));
      assertArrayEquals(replyMessage(sameXid, words(1, 2, 3)), nextAtOrigin());
    }
  }

  @Test
  void replyToNoCallback_andSecondReplyToOne_areDropped() throws Exception {
    try (FakeOrigin origin = originCalling(5, 6);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      assertEquals(5, word(client.ask(nfsNull(1)), 0));
      assertEquals(6, word(client.receive(), 0));
      assertEquals(1, word(client.receive(), 0));
      client.send(reply(7), reply(6), reply(6), reply(1), reply(5), nfsNull(8));
      assertArrayEquals(replyMessage(6), nextAtOrigin());
      assertArrayEquals(replyMessage(5), nextAtOrigin());
      assertEquals(8, word(nextAtOrigin(), 0));
    }
  }

  @Test
  void callbacksUpToTheBound_pass_andOneMoreClosesTheClient() throws Exception {
    try (FakeOrigin origin = originCalling(1, 2, 3, 4);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("callsInFlightMax", 4).start();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(client.ask(nfsNull(9)), 0));
      for (int xid : new int[] {2, 3, 4, 9}) {
        assertEquals(xid, word(client.receive(), 0));
      }
      assertEquals(10, word(client.ask(nfsNull(10)), 0));
    }
    try (FakeOrigin origin = originCalling(1, 2, 3, 4, 5);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("callsInFlightMax", 4).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(9));
      client.awaitClosed();
    }
  }
}
