package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.crumbs;
import static org.nfsproxy.server.fakes.Wire.marker;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.words;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// Origins that send what no origin should. The client of the connection is closed where the stream
// cannot be followed any more; nobody else notices.
class HostileOriginTest {
  private static final int RECORD_BYTES_MAX = 64 * 1024;
  private static final int HOSTILE = 0xbad;

  /** Answers NULL, but the call with the xid HOSTILE gets these bytes. */
  private static FakeOrigin originSending(byte[]... bytes) throws IOException {
    return FakeOrigin.start(
        connection -> {
          for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
            if (word(call, 0) == HOSTILE) {
              connection.send(bytes);
            } else {
              connection.send(reply(word(call, 0)));
            }
          }
        });
  }

  private static ProxyUnderTest proxyBefore(FakeOrigin origin) throws Exception {
    return ProxyUnderTest.before(origin).limit("recordBytesMax", RECORD_BYTES_MAX).start();
  }

  private static void assertClosesItsClientAlone(byte[]... bytes) throws Exception {
    try (FakeOrigin origin = originSending(bytes);
        ProxyUnderTest proxy = proxyBefore(origin);
        RawClient other = proxy.connect();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(other.ask(nfsNull(1)), 0));
      assertEquals(2, word(client.ask(nfsNull(2)), 0));
      client.send(nfsNull(HOSTILE));
      client.awaitClosed();
      assertEquals(3, word(other.ask(nfsNull(3)), 0));
    }
  }

  @Test
  void garbage_closesItsClientAlone() throws Exception {
    byte[] noise = new byte[1000];
    new Random(1).nextBytes(noise);
    assertClosesItsClientAlone(noise);
  }

  @Test
  void messageNeitherCallNorReply_closesItsClientAlone() throws Exception {
    assertClosesItsClientAlone(record(words(HOSTILE, 2, 0, 0, 0, 0)));
  }

  @Test
  void emptyMessage_closesItsClientAlone() throws Exception {
    assertClosesItsClientAlone(record(new byte[0]));
  }

  @Test
  void recordAboveTheBound_closesItsClientAlone_atItsMarker() throws Exception {
    assertClosesItsClientAlone(marker(0x8000_0000 | RECORD_BYTES_MAX + 1));
  }

  @Test
  void recordOfFragmentsWithoutEnd_closesItsClientAlone_atTheBound() throws Exception {
    byte[] head = concat(marker(24), replyMessage(HOSTILE));
    byte[] more = concat(marker(1000), new byte[1000]);
    byte[][] fragments = new byte[100][];
    Arrays.fill(fragments, more);
    fragments[0] = head;
    assertClosesItsClientAlone(fragments);
  }

  @Test
  void fragmentsWithoutBytes_beforeAnyHead_closeItsClientAlone() throws Exception {
    assertClosesItsClientAlone(new byte[4 * 1000]);
  }

  @Test
  void closeInsideAReply_closesItsClientAlone() throws Exception {
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  for (byte[] call = connection.receive(); ; call = connection.receive()) {
                    if (call == null) {
                      return;
                    }
                    if (word(call, 0) == HOSTILE) {
                      break;
                    }
                    connection.send(reply(word(call, 0)));
                  }
                  connection.send(marker(0x8000_1000), replyMessage(HOSTILE), new byte[100]);
                });
        ProxyUnderTest proxy = proxyBefore(origin);
        RawClient other = proxy.connect();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(other.ask(nfsNull(1)), 0));
      assertEquals(2, word(client.ask(nfsNull(2)), 0));
      client.send(nfsNull(HOSTILE));
      assertTrue(client.awaitClosed().length <= 4 + 24 + 100);
      assertEquals(3, word(other.ask(nfsNull(3)), 0));
    }
  }

  @Test
  void repliesToNobody_areDropped_andTheRightOnesPass() throws Exception {
    byte[] right = reply(HOSTILE, words(7));
    byte[] longReply = reply(11, new byte[20_000]);
    try (FakeOrigin origin = originSending(reply(10), longReply, right, reply(HOSTILE), reply(12));
        ProxyUnderTest proxy = proxyBefore(origin);
        RawClient client = proxy.connect()) {
      assertArrayEquals(replyMessage(HOSTILE, words(7)), client.ask(nfsNull(HOSTILE)));
      assertArrayEquals(replyMessage(13), client.ask(nfsNull(13)));
    }
  }

  @Test
  void replyInFragmentsOfOneByte_reachesTheClientAsItIs() throws Exception {
    byte[] fragments = crumbs(replyMessage(HOSTILE, new byte[500]));
    try (FakeOrigin origin = originSending(fragments);
        ProxyUnderTest proxy = proxyBefore(origin);
        RawClient client = proxy.connect()) {
      client.send(nfsNull(HOSTILE));
      assertArrayEquals(fragments, client.bytes(fragments.length));
      assertArrayEquals(replyMessage(14), client.ask(nfsNull(14)));
    }
  }

  @Test
  void replyThatDripsByteByByte_reachesTheClient() throws Exception {
    byte[] reply = reply(15, new byte[100]);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.receive();
                  connection.drip(reply);
                  connection.beSilent();
                });
        ProxyUnderTest proxy = proxyBefore(origin);
        RawClient client = proxy.connect()) {
      client.send(nfsNull(15));
      assertArrayEquals(reply, client.bytes(reply.length));
    }
  }

  // The proxy does not judge how long a call may take, the client does.
  @Test
  void silence_harmsNeitherItsClientNorOthers() throws Exception {
    try (FakeOrigin origin = originSending();
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .limit("idleMillis", 200)
                .limit("firstCallMillis", 200)
                .limit("recordMillis", 200)
                .limit("stallMillis", 200)
                .start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(HOSTILE));
      try (RawClient other = proxy.connect()) {
        assertEquals(1, word(other.ask(nfsNull(1)), 0));
      }
      assertTrue(client.isQuiet(2500));
      assertEquals(2, word(client.ask(nfsNull(2)), 0));
    }
  }

  @Test
  void originThatSendsFirst_isHeardOnlyForCalls() throws Exception {
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.send(reply(99), reply(98));
                  connection.echo();
                });
        ProxyUnderTest proxy = proxyBefore(origin);
        RawClient client = proxy.connect()) {
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
    }
  }

  @Test
  void originThatClosesAtOnce_closesItsClient() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(connection -> {});
        ProxyUnderTest proxy = proxyBefore(origin);
        RawClient client = proxy.connect()) {
      client.send(nfsNull(1));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void originThatNeverReads_pausesItsClient_whoHoldsLittleMemory() throws Exception {
    long callBytes = 32 * 1024;
    long enough = 4096;
    AtomicLong sent = new AtomicLong();
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.socket().setReceiveBufferSize(RECORD_BYTES_MAX);
                  Eventually.pause(Eventually.MILLIS_MAX);
                });
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("callsInFlightMax", 65_536).start();
        RawClient client = proxy.connect()) {
      byte[] write = record(Wire.write(1, (int) callBytes));
      Thread sender =
          new Thread(
              () -> {
                while (sent.get() < enough && client.sendIfOpen(write)) {
                  sent.incrementAndGet();
                }
              });
      sender.setDaemon(true);
      sender.start();
      long last = -1;
      while (last != sent.get()) {
        last = sent.get();
        sender.join(1500);
      }
      assertTrue(sent.get() < enough, "the client was paused, having sent " + sent);
      assertTrue(proxy.recordBytesHeld() < 4 << 20, proxy.recordBytesHeld() + " bytes held");
    }
  }
}
