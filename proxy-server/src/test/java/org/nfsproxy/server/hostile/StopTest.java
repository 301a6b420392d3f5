package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.ProxyUnderTest.await;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.read;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// Stopping: nobody new, what is in flight ends, and the end comes in any case.
class StopTest {
  private static final int LONG_MILLIS = 20_000;

  /** Whether the listening socket is gone. */
  private static boolean refuses(ProxyUnderTest proxy) {
    try (RawClient late = proxy.connect()) {
      late.awaitClosed();
      return false;
    } catch (IOException refused) {
      return true;
    }
  }

  @Test
  void callInFlight_getsItsReply_thenItsConnectionEnds_andNobodyNewIsAccepted() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  arrived.countDown();
                  Eventually.await(answer);
                  connection.send(reply(word(call, 0), new byte[1000]));
                  connection.beSilent();
                });
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("drainMillis", LONG_MILLIS).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(7));
      Eventually.await(arrived);
      Future<Void> stopped = proxy.stop();
      eventually("nobody new is accepted", () -> refuses(proxy));
      assertTrue(client.isQuiet(200));
      assertFalse(stopped.isComplete());
      answer.countDown();
      assertArrayEquals(replyMessage(7, new byte[1000]), client.receive());
      assertEquals(0, client.awaitClosed().length);
      client.close();
      await(stopped);
    }
  }

  // A reply counted as given once its head had passed, and the connection then ended inside it.
  @Test
  void replyThatIsStillArriving_arrivesWhole() throws Exception {
    byte[] reply = reply(7, new byte[2 << 20]);
    CountDownLatch stopping = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.receive();
                  connection.send(Arrays.copyOf(reply, 1000));
                  Eventually.await(stopping);
                  connection.send(Arrays.copyOfRange(reply, 1000, 2000));
                  pauseAndSend(connection, Arrays.copyOfRange(reply, 2000, reply.length));
                });
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("drainMillis", LONG_MILLIS).start();
        RawClient client = proxy.connect()) {
      client.send(read(7));
      client.bytes(1000);
      Future<Void> stopped = proxy.stop();
      eventually("it is stopping", () -> refuses(proxy));
      stopping.countDown();
      assertEquals(reply.length - 1000, client.bytes(reply.length - 1000).length);
      assertEquals(0, client.awaitClosed().length);
      client.close();
      await(stopped);
    }
  }

  private static void pauseAndSend(FakeOriginConnection connection, byte[] rest)
      throws IOException {
    Eventually.pause(300);
    connection.send(rest);
    connection.beSilent();
  }

  @Test
  void idleConnections_endAtOnce() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("drainMillis", LONG_MILLIS).start();
        RawClient idle = proxy.connect();
        RawClient silent = proxy.connect()) {
      assertEquals(1, word(idle.ask(nfsNull(1)), 0));
      eventually("both are accepted", () -> proxy.connections() == 2);
      Future<Void> stopped = proxy.stop();
      assertEquals(0, idle.awaitClosed().length);
      assertEquals(0, silent.awaitClosed().length);
      idle.close();
      silent.close();
      await(stopped);
    }
  }

  @Test
  void silentOrigin_doesNotHoldTheStop_beyondDrainMillis() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::beSilent);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("drainMillis", 300).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(7));
      eventually("the call has gone through", () -> origin.accepted() == 1);
      await(proxy.stop());
      assertEquals(0, client.awaitClosed().length);
    }
  }

  // Vert.x waits for a client to read what was written before it closes a connection.
  @Test
  void clientThatNeverReads_doesNotHoldTheStop_beyondDrainMillis() throws Exception {
    byte[] results = new byte[1 << 20];
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  for (byte[] call = connection.receive();
                      call != null;
                      call = connection.receive()) {
                    connection.send(reply(word(call, 0), results));
                  }
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("drainMillis", 300).start();
        RawClient client = RawClient.connect(proxy.port(), 64 * 1024)) {
      client.send(IntStream.range(0, 64).mapToObj(Wire::read).toArray(byte[][]::new));
      client.bytes(1 << 20);
      await(proxy.stop());
    }
  }
}
