package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Eventually.pause;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.read;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.write;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// A client may end its sending side behind its last call, as nc does.
class HalfClosedClientsTest {
  private static final int LATE_MILLIS = 700;

  /** Answers late, each call at once with the others. */
  private static final FakeOrigin.Script LATE =
      connection -> {
        for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
          pause(LATE_MILLIS);
          connection.send(reply(word(call, 0)));
        }
      };

  @Test
  void client_getsTheReplyToItsLastCall_andThenTheEnd() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    FakeOrigin.Script untilTheEnd =
        connection -> {
          try {
            LATE.serve(connection);
          } finally {
            ended.countDown();
          }
        };
    try (FakeOrigin origin = FakeOrigin.start(untilTheEnd);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(7), nfsNull(7), nfsNull(8));
      client.socket().shutdownOutput();
      assertArrayEquals(concat(reply(7), reply(8), reply(7)), client.awaitClosed());
      Eventually.await(ended);
      eventually("it is gone", () -> proxy.connections() == 0);
    }
  }

  @Test
  void clientBehindABalancer_getsItToo() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(LATE);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).balancers(5_000, "127.0.0.1").start();
        RawClient client = RawClient.connect(proxy.balancerPort())) {
      String header = "PROXY TCP4 10.1.2.3 10.1.2.4 700 2049\r\n";
      client.send(header.getBytes(StandardCharsets.US_ASCII), nfsNull(7));
      client.socket().shutdownOutput();
      assertArrayEquals(reply(7), client.awaitClosed());
    }
  }

  @Test
  void longReply_reachesTheClientWhole() throws Exception {
    byte[] results = new byte[256 << 10];
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.receive();
                  connection.send(reply(7, results));
                  connection.beSilent();
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      client.send(read(7));
      client.socket().shutdownOutput();
      assertEquals(reply(7, results).length, client.awaitClosed().length);
    }
  }

  @Test
  void clientThatIsOwedNothing_isClosedAtOnce() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("halfClosedMillis", 60_000).start();
        RawClient client = proxy.connect()) {
      assertEquals(7, word(client.ask(nfsNull(7)), 0));
      client.socket().shutdownOutput();
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void clientThatIsOwedACallback_isClosedAtOnce() throws Exception {
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  connection.send(Wire.callback(5), reply(word(call, 0)));
                  connection.beSilent();
                });
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("halfClosedMillis", 60_000).start();
        RawClient client = proxy.connect()) {
      assertEquals(5, word(client.ask(nfsNull(7)), 0));
      assertEquals(7, word(client.receive(), 0));
      client.socket().shutdownOutput();
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void clientWhoseReplyDoesNotCome_isClosedAfterHalfClosedMillis() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::beSilent);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("halfClosedMillis", 1_000).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(7));
      client.socket().shutdownOutput();
      assertTrue(client.isQuiet(900));
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void halfClosedMillisOfZero_closesAtOnce() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::beSilent);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("halfClosedMillis", 0).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(7));
      eventually("the call has gone through", () -> origin.accepted() == 1);
      pause(200);
      client.socket().shutdownOutput();
      assertEquals(0, client.awaitClosed().length);
    }
  }

  @Test
  void callThatIsCutOff_isNotCarried_butThoseBeforeItAreAnswered() throws Exception {
    byte[] cut = Arrays.copyOf(record(write(8, 20_000)), 10_000);
    try (FakeOrigin origin = FakeOrigin.start(LATE);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      client.send(nfsNull(7), cut);
      client.socket().shutdownOutput();
      assertArrayEquals(reply(7), client.awaitClosed());
      eventually("it is given back", () -> proxy.recordBytesHeld() == 0);
    }
  }

  @Test
  void callThatHasBegunAndIsCutOff_endsTheConnection() throws Exception {
    byte[] cut = Arrays.copyOf(record(write(8, 400_000)), 200_000);
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("halfClosedMillis", 60_000).start();
        RawClient client = proxy.connect()) {
      assertEquals(7, word(client.ask(nfsNull(7)), 0));
      client.send(cut);
      client.socket().shutdownOutput();
      assertEquals(0, client.awaitClosed().length);
      eventually("it is given back", () -> proxy.recordBytesHeld() == 0);
    }
  }
}
