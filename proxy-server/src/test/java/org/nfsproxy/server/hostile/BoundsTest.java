package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.marker;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.word;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// The bounds of the configuration: what happens at them, and that room given back is used again.
class BoundsTest {
  @Test
  void connectionsAboveTheBound_areClosed_untilOthersLeave() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .limit("connectionsMax", 5)
                .limit("connectionsPerClientMax", 3)
                .start()) {
      for (int round = 0; round < 3; round++) {
        List<RawClient> admitted = new ArrayList<>();
        admit(proxy, "127.0.0.1", 3, admitted);
        assertRefused(proxy, "127.0.0.1", 4);
        admit(proxy, "127.0.0.2", 2, admitted);
        assertRefused(proxy, "127.0.0.2", 4);
        assertRefused(proxy, "127.0.0.3", 4);
        assertEquals(5, proxy.connections());
        for (RawClient client : admitted) {
          assertEquals(9, word(client.ask(nfsNull(9)), 0));
          client.close();
        }
        eventually("there is room again", () -> proxy.connections() == 0);
      }
    }
  }

  private static void admit(
      ProxyUnderTest proxy, String address, int count, List<RawClient> admitted)
      throws IOException {
    for (int i = 0; i < count; i++) {
      RawClient client = RawClient.connectFrom(address, proxy.port());
      assertEquals(i, word(client.ask(nfsNull(i)), 0));
      admitted.add(client);
    }
  }

  private static void assertRefused(ProxyUnderTest proxy, String address, int count)
      throws IOException {
    for (int i = 0; i < count; i++) {
      try (RawClient refused = RawClient.connectFrom(address, proxy.port())) {
        assertEquals(0, refused.awaitClosed().length);
      }
    }
  }

  // The bound is looked at between reads of the socket, which bring up to 1 MiB each.
  @Test
  void callsAboveTheBound_wait_andAllGetTheirReplies() throws Exception {
    int calls = 2000;
    byte[][] writes =
        IntStream.range(0, calls)
            .mapToObj(xid -> record(Wire.write(xid, 4096)))
            .toArray(byte[][]::new);
    AtomicInteger arrived = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  Thread answers =
                      new Thread(
                          () -> {
                            Eventually.await(go);
                            for (int xid = 0; xid < calls; xid++) {
                              int next = xid;
                              eventually("the call is there", () -> arrived.get() > next);
                              connection.sendIfOpen(Wire.reply(xid));
                            }
                          });
                  answers.start();
                  while (connection.receive() != null) {
                    arrived.incrementAndGet();
                  }
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("callsInFlightMax", 8).start();
        RawClient client = proxy.connect()) {
      Thread sender = new Thread(() -> client.sendIfOpen(writes));
      sender.start();
      int last = -1;
      while (arrived.get() == 0 || arrived.get() != last) {
        last = arrived.get();
        Eventually.pause(500);
      }
      assertTrue(last < calls / 2, "calls at the origin without a reply: " + last);
      go.countDown();
      for (int i = 0; i < calls; i++) {
        assertEquals(i, word(client.receive(), 0));
      }
      sender.join();
    }
  }

  // An NFSv3 client sends a call again when its time-out has passed, with the same xid. An origin
  // that is still working on the first drops the second: two calls, one reply. Each such pair
  // once took a place of callsInFlightMax for ever, until the client was read no more. Now the
  // origin has the second when it has answered the first.
  @Test
  void callSentAgain_leavesNoCallInFlight() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("callsInFlightMax", 4).start();
        RawClient client = proxy.connect()) {
      for (int xid = 0; xid < 20; xid++) {
        assertEquals(xid, word(client.ask(concat(nfsNull(xid), nfsNull(xid))), 0));
        assertEquals(xid, word(client.receive(), 0));
      }
    }
  }

  @Test
  void unfinishedCalls_aboveTheMemoryOfAll_closeTheLargeOnes_butSmallCallsPass() throws Exception {
    int mib = 1 << 20;
    byte[] begun = concat(marker(0x8000_0000 | mib), new byte[mib - 4096]);
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .limit("recordBytesMax", mib)
                .limit("recordMemoryBytesMax", 4L * mib)
                .start()) {
      List<RawClient> holders = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        RawClient client = proxy.connect();
        client.send(begun);
        holders.add(client);
      }
      long held = 4L * (mib - 4096);
      eventually("all are held", () -> proxy.recordBytesHeld() == held);
      try (RawClient tooMuch = proxy.connect();
          RawClient small = proxy.connect()) {
        tooMuch.sendIfOpen(begun);
        assertEquals(0, tooMuch.awaitClosed().length);
        assertEquals(5, word(small.ask(nfsNull(5)), 0));
        assertEquals(held, proxy.recordBytesHeld());
      }
      for (RawClient holder : holders) {
        holder.close();
      }
      eventually("their memory is given back", () -> proxy.recordBytesHeld() == 0);
      try (RawClient large = proxy.connect()) {
        assertEquals(6, word(large.ask(record(Wire.write(6, mib / 2))), 0));
      }
    }
  }

  // Calls that wait for an origin that is away were once held by nobody's count: a thousand
  // clients with a few writes each could take all of the memory there is.
  @Test
  void callsThatWaitForAnOriginThatIsAway_countAsHeld() throws Exception {
    int mib = 1 << 20;
    int port = FakeOrigin.refusingPort();
    try (ProxyUnderTest proxy =
        ProxyUnderTest.before(port)
            .limit("recordBytesMax", 2L * mib)
            .limit("recordMemoryBytesMax", 4L * mib)
            .calls("wholeBytesMax", 2 * mib)
            .start()) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RawClient client = proxy.connect();
        client.send(record(Wire.write(i, mib)));
        clients.add(client);
      }
      eventually("all are held", () -> proxy.recordBytesHeld() >= 3L * mib);
      try (RawClient tooMuch = proxy.connect()) {
        tooMuch.sendIfOpen(record(Wire.write(9, mib)));
        assertEquals(0, tooMuch.awaitClosed().length);
      }
      try (FakeOrigin origin = FakeOrigin.startAt(port, FakeOriginConnection::echo)) {
        for (int i = 0; i < 3; i++) {
          assertEquals(i, word(clients.get(i).receive(), 0));
          clients.get(i).close();
        }
        assertTrue(origin.accepted() >= 3);
      }
      assertEquals(0, proxy.recordBytesHeld());
    }
  }
}
