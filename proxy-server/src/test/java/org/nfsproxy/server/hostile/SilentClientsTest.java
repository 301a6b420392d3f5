package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Eventually.pause;
import static org.nfsproxy.server.fakes.Wire.marker;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.word;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// Clients that connect and say nothing, or begin a call and do not end it.
class SilentClientsTest {
  private static final int CLIENTS = 300;
  private static final int MILLIS = 300;

  private static int descriptors() {
    String[] open = new File("/proc/self/fd").list();
    return open == null ? 0 : open.length;
  }

  @Test
  void halfOpenConnectionsByTheHundred_areClosedInTime_andGiveAllBack() throws Exception {
    byte[] unfinished = Arrays.copyOf(record(Wire.write(1, 20_000)), 10_000);
    byte[][] beginnings = {new byte[0], marker(0x8000_0064), unfinished, {(byte) 0x80}};
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("firstCallMillis", MILLIS).start()) {
      ask(proxy);
      eventually("the first client is gone", () -> proxy.connections() == 0);
      int before = descriptors();
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        RawClient client = proxy.connect();
        client.send(beginnings[i % beginnings.length]);
        clients.add(client);
      }
      for (RawClient client : clients) {
        assertEquals(0, client.awaitClosed().length);
        client.close();
      }
      eventually("no connection is left", () -> proxy.connections() == 0);
      assertEquals(0, proxy.recordBytesHeld());
      eventually("their descriptors are given back", () -> descriptors() <= before);
      assertEquals(1, origin.accepted(), "nobody of them has cost the origin a connection");
      ask(proxy);
    }
  }

  private static void ask(ProxyUnderTest proxy) throws IOException {
    try (RawClient client = proxy.connect()) {
      assertEquals(7, word(client.ask(nfsNull(7)), 0));
    }
  }

  @Test
  void callThatBeginsAndStops_isClosedAfterRecordMillis_andItsBytesAreGivenBack() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("recordMillis", MILLIS).start();
        RawClient client = proxy.connect()) {
      client.ask(nfsNull(1));
      client.send(marker(0x8000_4000), new byte[10_000]);
      eventually("its bytes are counted", () -> proxy.recordBytesHeld() == 10_000);
      client.awaitClosed();
      assertEquals(0, proxy.recordBytesHeld());
    }
  }

  // Slow is not dead: it goes on for ten times recordMillis.
  @Test
  void slowCall_isAnswered_howeverLongItTakes() throws Exception {
    byte[] call = record(Wire.write(2, 60_000));
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .limit("recordMillis", MILLIS)
                .limit("firstCallMillis", MILLIS)
                .limit("bytesPerSecondMin", 8_000)
                .start();
        RawClient client = proxy.connect()) {
      for (int at = 0; at < call.length; at += 2_000) {
        client.send(Arrays.copyOfRange(call, at, Math.min(call.length, at + 2_000)));
        pause(100);
      }
      assertEquals(2, word(client.receive(), 0));
    }
  }

  @Test
  void callThatStops_afterMostOfItHasArrived_isClosed() throws Exception {
    byte[] call = record(Wire.write(2, 1 << 20));
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .limit("recordMillis", MILLIS)
                .limit("bytesPerSecondMin", 1_000)
                .start();
        RawClient client = proxy.connect()) {
      client.ask(nfsNull(1));
      client.send(Arrays.copyOf(call, call.length - 1_000));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  // As many records as it likes, one behind the other: none of them is late.
  @Test
  void recordsThatOverlapReads_areEachLookedAtAnew() throws Exception {
    byte[] call = record(Wire.write(2, 1_000));
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .limit("recordMillis", 1_500)
                .limit("bytesPerSecondMin", 1 << 20)
                .start();
        RawClient client = proxy.connect()) {
      client.send(Arrays.copyOf(call, 500));
      for (int i = 0; i < 12; i++) {
        pause(400);
        client.send(Arrays.copyOfRange(call, 500, call.length), Arrays.copyOf(call, 500));
        assertEquals(2, word(client.receive(), 0));
      }
    }
  }

  @Test
  void callThatDrips_isClosedAfterRecordMillis_howeverOftenItMoves() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("recordMillis", MILLIS).start();
        RawClient client = proxy.connect()) {
      client.ask(nfsNull(1));
      client.send(marker(0x8010_0000));
      eventually("the connection is closed", () -> !client.sendIfOpen(new byte[1]));
    }
  }

  @Test
  void idleClient_isClosedAfterIdleMillis_butNotWithACallInFlight() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  Eventually.await(answer);
                  connection.send(Wire.reply(word(call, 0)));
                  connection.beSilent();
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("idleMillis", MILLIS).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(1));
      assertTrue(client.isQuiet(3000));
      answer.countDown();
      assertEquals(1, word(client.receive(), 0));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  // An origin that stands still makes the proxy pause its client, perhaps in the middle of a call.
  // That the rest of the call does not come is then no fault of the client's; once it was counted
  // as one, and a client of a slow origin lost its connection every recordMillis.
  @Test
  void callThatTheProxyItselfDoesNotRead_isNotClosedForIt() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] first = connection.receive();
                  Eventually.await(answer);
                  connection.send(Wire.reply(word(first, 0)));
                  connection.echo();
                });
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .limit("recordMillis", MILLIS)
                .limit("callsInFlightMax", 1)
                .start();
        RawClient client = proxy.connect()) {
      byte[] second = record(Wire.write(2, 4_000));
      client.send(nfsNull(1), Arrays.copyOf(second, 1_000));
      pause(3000);
      client.send(Arrays.copyOfRange(second, 1_000, second.length));
      answer.countDown();
      assertEquals(1, word(client.receive(), 0));
      assertEquals(2, word(client.receive(), 0));
    }
  }
}
