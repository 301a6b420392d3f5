package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Eventually.pause;
import static org.nfsproxy.server.fakes.Wire.call;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.marker;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.word;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// Clients that send calls and do not read the replies.
class UnreadRepliesTest {
  private static final int MIB = 1 << 20;
  private static final int WINDOW_BYTES = 64 * 1024;

  /** Replies of 1 MiB to READ, and small ones to all else; counts what it could send. */
  private static FakeOrigin originOfLargeReplies(AtomicLong sentBytes) throws IOException {
    byte[] results = new byte[MIB];
    return FakeOrigin.start(
        connection -> {
          for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
            byte[] reply =
                Wire.reply(word(call, 0), word(call, 5) == Wire.READ ? results : new byte[0]);
            connection.send(reply);
            sentBytes.addAndGet(reply.length);
          }
        });
  }

  private static byte[] reads(int calls) {
    return concat(IntStream.range(0, calls).mapToObj(Wire::read).toArray(byte[][]::new));
  }

  private static long directBytes() {
    long used = PlatformDependent.usedDirectMemory();
    assumeTrue(used >= 0, "Netty counts its direct memory on this JVM");
    return used;
  }

  @Test
  void clientsThatNeverRead_holdLittleMemory_areClosedForTheStall_andOthersAreServed()
      throws Exception {
    int clients = 8;
    int replies = 64;
    long eachMax = 2L * MIB;
    AtomicLong sentBytes = new AtomicLong();
    try (FakeOrigin origin = originOfLargeReplies(sentBytes);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("stallMillis", 3000).start();
        RawClient other = proxy.connect()) {
      assertEquals(1, word(other.ask(nfsNull(1)), 0));
      long before = directBytes();
      List<RawClient> greedy = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        RawClient client = RawClient.connect(proxy.port(), WINDOW_BYTES);
        client.send(reads(replies));
        greedy.add(client);
      }
      eventually("all are accepted", () -> proxy.connections() == clients + 1);
      long usedMax = 0;
      int served = 0;
      while (proxy.connections() > 1 && served < 3000) {
        assertEquals(served, word(other.ask(nfsNull(served)), 0));
        served++;
        usedMax = Math.max(usedMax, directBytes() - before);
        pause(5);
      }
      eventually("those who did not read are closed", () -> proxy.connections() == 1);
      assertTrue(served > 100, "calls of others meanwhile: " + served);
      assertTrue(usedMax < clients * eachMax, usedMax + " bytes for " + clients + " clients");
      assertTrue(
          sentBytes.get() < (long) clients * replies * MIB / 2,
          "the origin was slowed down: it sent " + sentBytes);
      for (RawClient client : greedy) {
        client.close();
      }
    }
  }

  // 900 kB in nine seconds, of which more than 512 KiB always wait.
  @Test
  void clientThatReadsSlowly_isNotTakenForOneThatDoesNot() throws Exception {
    AtomicLong sentBytes = new AtomicLong();
    try (FakeOrigin origin = originOfLargeReplies(sentBytes);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .limit("stallMillis", 2000)
                .limit("bytesPerSecondMin", 10_000)
                .start();
        RawClient client = RawClient.connect(proxy.port(), WINDOW_BYTES)) {
      client.send(reads(64));
      for (int i = 0; i < 90; i++) {
        client.bytes(100_000);
        pause(100);
      }
      assertEquals(1, proxy.connections());
    }
  }

  // What the proxy answers by itself passes no origin that could be slowed down. Such answers were
  // once made without end for a client that did not read them.
  @Test
  void answersOfOurOwn_thatNobodyReads_slowTheClientDown() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("stallMillis", 2000).start();
        RawClient client = RawClient.connect(proxy.port(), WINDOW_BYTES)) {
      assertSlowedDown(proxy, client, locks());
    }
  }

  // The same while a reply of the origin has begun and does not go on: answers of our own then
  // wait for its end, outside of the socket's own queue.
  @Test
  void answersOfOurOwn_behindAReplyThatDoesNotEnd_slowTheClientDown() throws Exception {
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  byte[] reply = Wire.replyMessage(word(call, 0));
                  connection.send(marker(0x8010_0000), reply, new byte[100]);
                  connection.beSilent();
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = RawClient.connect(proxy.port(), WINDOW_BYTES)) {
      client.send(nfsNull(1));
      client.bytes(128);
      long sent = sendUntilSlowedDown(client, locks(), 30_000);
      assertTrue(sent < 24L * MIB, "the client was never slowed down: it sent " + sent);
    }
  }

  /** Calls of NLM, whose refusals repeat the cookie and so are as long as the calls. */
  private static byte[] locks() {
    byte[] lock =
        call(
            1,
            Programs.NLM,
            4,
            1,
            out -> {
              out.opaque(new byte[1024]).bool(true).string("client");
              out.opaque(new byte[32]).opaque(new byte[8]).int32(1).int64(0).int64(1);
            });
    return concat(Collections.nCopies(100, record(lock)).toArray(byte[][]::new));
  }

  private static void assertSlowedDown(ProxyUnderTest proxy, RawClient client, byte[] calls)
      throws Exception {
    long sent = sendUntilSlowedDown(client, calls, 30_000);
    assertTrue(sent < 24L * MIB, "the client was never slowed down: it sent " + sent);
    eventually("it is closed for the stall", () -> proxy.connections() == 0);
  }

  /** Sends on until nothing moved for a second, the connection is closed, or 24 MiB are sent. */
  private static long sendUntilSlowedDown(RawClient client, byte[] calls, int millisMax)
      throws Exception {
    AtomicLong sent = new AtomicLong();
    Thread sender =
        new Thread(
            () -> {
              try {
                while (sent.get() < 24L * MIB) {
                  client.send(calls);
                  sent.addAndGet(calls.length);
                }
              } catch (IOException closed) {
                return;
              }
            });
    sender.setDaemon(true);
    sender.start();
    long last = -1;
    for (int millis = 0; millis < millisMax && sender.isAlive() && last != sent.get(); ) {
      last = sent.get();
      sender.join(1000);
      millis += 1000;
    }
    return sent.get();
  }
}
