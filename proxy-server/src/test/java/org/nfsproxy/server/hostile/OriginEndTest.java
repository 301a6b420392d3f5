package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.Wire.callback;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.word;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// How an origin connection ends. In the usual way (FIN), its source port stays taken for a minute,
// and there are 359; by a reset, nothing stays.
class OriginEndTest {
  private static final int SILENT_XID = 99;

  private final BlockingQueue<String> atOrigin = new LinkedBlockingQueue<>();

  /** Answers calls but one, the first with a callback before its reply if that is wanted. */
  private FakeOrigin origin(boolean callsBack) throws IOException {
    return FakeOrigin.start(
        connection -> {
          boolean first = callsBack;
          try {
            for (byte[] next = connection.receive(); next != null; next = connection.receive()) {
              atOrigin.add((word(next, 1) == 0 ? "call " : "reply ") + word(next, 0));
              if (first) {
                connection.send(callback(5));
              }
              first = false;
              answer(connection, next);
            }
            atOrigin.add("end");
          } catch (SocketException broken) {
            atOrigin.add("reset");
          }
        });
  }

  private static void answer(FakeOriginConnection connection, byte[] message) throws IOException {
    if (word(message, 1) == 0 && word(message, 0) != SILENT_XID) {
      connection.send(reply(word(message, 0)));
    }
  }

  private String nextAtOrigin() throws InterruptedException {
    return atOrigin.poll(Eventually.MILLIS_MAX, TimeUnit.MILLISECONDS);
  }

  @Test
  void clientThatLeavesWithNothingInFlight_isResetAtTheOrigin() throws Exception {
    try (FakeOrigin origin = origin(false);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start()) {
      try (RawClient client = proxy.connect()) {
        client.ask(nfsNull(1));
      }
      assertEquals("call 1", nextAtOrigin());
      assertEquals("reset", nextAtOrigin());
    }
  }

  @Test
  void clientThatLeavesWithACallInFlight_isResetAtTheOrigin() throws Exception {
    try (FakeOrigin origin = origin(false);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start()) {
      try (RawClient client = proxy.connect()) {
        client.send(nfsNull(SILENT_XID));
        assertEquals("call 99", nextAtOrigin());
        client.reset();
      }
      assertEquals("reset", nextAtOrigin());
    }
  }

  @Test
  void clientsOfAProxyThatStops_areResetAtTheOrigin() throws Exception {
    try (FakeOrigin origin = origin(false);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      client.ask(nfsNull(1));
      assertEquals("call 1", nextAtOrigin());
      ProxyUnderTest.await(proxy.stop());
      assertEquals("reset", nextAtOrigin());
    }
  }

  // No call's reply shows that it has arrived, and a reset would throw away what is under way.
  @Test
  void answerToACallback_ifItIsTheLastThingSent_isFollowedByAnOrderlyEnd() throws Exception {
    try (FakeOrigin origin = origin(true);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start()) {
      try (RawClient client = proxy.connect()) {
        assertEquals(5, word(client.ask(nfsNull(1)), 0));
        assertEquals(1, word(client.receive(), 0));
        client.send(reply(5));
        assertEquals("call 1", nextAtOrigin());
        assertEquals("reply 5", nextAtOrigin());
      }
      assertEquals("end", nextAtOrigin());
    }
  }

  @Test
  void answerToACallback_ifACallWasAnsweredAfterIt_isFollowedByAReset() throws Exception {
    try (FakeOrigin origin = origin(true);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start()) {
      try (RawClient client = proxy.connect()) {
        assertEquals(5, word(client.ask(nfsNull(1)), 0));
        assertEquals(1, word(client.receive(), 0));
        client.send(reply(5));
        assertEquals(2, word(client.ask(nfsNull(2)), 0));
      }
      for (String seen : new String[] {"call 1", "reply 5", "call 2", "reset"}) {
        assertEquals(seen, nextAtOrigin());
      }
    }
  }
}
