package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Eventually.pause;
import static org.nfsproxy.server.fakes.Wire.mountNull;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.word;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// Origins that are away, or go. No error of our own ever stands in for a lost reply: the client is
// closed and tries again by itself.
class LostOriginTest {
  @Test
  void closeWithCallsInFlight_closesTheClient_withoutAnAnswer() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::receive);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(1), nfsNull(2));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  // The origin has dropped the connection's state with it (a 4.1 backchannel, a reply cache).
  @Test
  void closeOfAnIdleNfsConnection_closesTheClient() throws Exception {
    CountDownLatch replied = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.send(reply(word(connection.receive(), 0)));
                  Eventually.await(replied);
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      replied.countDown();
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void closeOfAnIdleMountConnection_isNotNoticed_andTheNextMountCallOpensAnother()
      throws Exception {
    AtomicInteger ended = new AtomicInteger();
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        FakeOrigin mount =
            FakeOrigin.start(
                connection -> {
                  connection.send(reply(word(connection.receive(), 0)));
                  connection.close();
                  ended.incrementAndGet();
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).mount(mount).start();
        RawClient client = proxy.connect()) {
      for (int round = 1; round <= 3; round++) {
        int rounds = round;
        assertEquals(round, word(client.ask(mountNull(round)), 0));
        eventually("the connection is closed", () -> ended.get() == rounds);
        assertTrue(client.isQuiet(100));
        assertEquals(100 + round, word(client.ask(nfsNull(100 + round)), 0));
        assertEquals(round, mount.accepted());
      }
      assertEquals(1, origin.accepted());
    }
  }

  @Test
  void closeOfAMountConnection_withACallInFlight_closesTheClient() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        FakeOrigin mount = FakeOrigin.start(FakeOriginConnection::receive);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).mount(mount).start();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      client.send(mountNull(2));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void originThatRefuses_closesTheClient_afterWaitMillisAndNotBefore() throws Exception {
    int waitMillis = 1500;
    try (ProxyUnderTest proxy =
            ProxyUnderTest.before(FakeOrigin.refusingPort())
                .origin("waitMillis", waitMillis)
                .start();
        RawClient client = proxy.connect()) {
      long before = System.nanoTime();
      client.send(nfsNull(1));
      assertEquals(0, client.awaitClosed().length);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
      // The last attempt is the one after which the next would come too late.
      assertTrue(millis >= waitMillis - 500, "closed after " + millis + " ms");
    }
  }

  @Test
  void originThatComesBackMeanwhile_getsTheCalls() throws Exception {
    int port = FakeOrigin.refusingPort();
    try (ProxyUnderTest proxy = ProxyUnderTest.before(port).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(1), nfsNull(2));
      assertTrue(client.isQuiet(700));
      try (FakeOrigin origin = FakeOrigin.startAt(port, FakeOriginConnection::echo)) {
        assertEquals(1, word(client.receive(), 0));
        assertEquals(2, word(client.receive(), 0));
        assertEquals(1, origin.accepted());
      }
    }
  }

  @Test
  void clientThatLeavesWhileItsOriginIsAway_leavesNothingBehind() throws Exception {
    int port = FakeOrigin.refusingPort();
    try (ProxyUnderTest proxy = ProxyUnderTest.before(port).limit("halfClosedMillis", 0).start()) {
      assumeTrue(
          proxy.hasNativeTransport(),
          "NIO sees the end of a client that it does not read only when it reads it again");
      for (int i = 0; i < 20; i++) {
        try (RawClient client = proxy.connect()) {
          client.send(nfsNull(i));
          eventually("it is accepted", () -> proxy.connections() == 1);
        }
        eventually("it is gone", () -> proxy.connections() == 0);
      }
      try (FakeOrigin origin = FakeOrigin.startAt(port, FakeOriginConnection::echo);
          RawClient client = proxy.connect()) {
        assertEquals(7, word(client.ask(nfsNull(7)), 0));
        pause(1000); // more than there is between two attempts to connect
        assertEquals(1, origin.accepted(), "connections for clients that are gone");
      }
    }
  }
}
