package org.nfsproxy.server.containment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.word;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// Which server answers, a client sees by the word that each of these puts into its replies.
class FailoverTest {
  private static final int FIRST = 0x1111;
  private static final int SECOND = 0x2222;
  private static final int THIRD = 0x3333;

  private static FakeOrigin.Script says(int word) {
    return connection -> {
      for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
        connection.send(Wire.reply(word(call, 0), Wire.words(word)));
      }
    };
  }

  private static JsonArray equivalents(int... ports) {
    JsonArray equivalents = new JsonArray();
    for (int port : ports) {
      equivalents.add("127.0.0.1:" + port);
    }
    return equivalents;
  }

  private static int asked(RawClient client) throws IOException {
    return word(client.ask(nfsNull(7)), 6);
  }

  private static int askedAnew(ProxyUnderTest proxy) throws IOException {
    try (RawClient client = proxy.connect()) {
      return asked(client);
    }
  }

  @Test
  void originThatDiesUnderAClient_isReplacedByItsEquivalent_whichStaysWhenItComesBack()
      throws Exception {
    FakeOrigin first = FakeOrigin.start(says(FIRST));
    try (FakeOrigin second = FakeOrigin.start(says(SECOND));
        ProxyUnderTest proxy =
            ProxyUnderTest.before(first).origin("equivalents", equivalents(second.port())).start();
        RawClient client = proxy.connect()) {
      assertEquals(FIRST, asked(client));
      assertEquals(0, second.accepted());
      first.close();
      assertEquals(0, client.awaitClosed().length);
      assertEquals(SECOND, askedAnew(proxy));
      try (FakeOrigin back = FakeOrigin.startAt(first.port(), says(FIRST))) {
        assertEquals(SECOND, askedAnew(proxy));
        assertEquals(0, back.accepted());
        second.close();
        assertEquals(FIRST, askedAnew(proxy));
      }
    } finally {
      first.close();
    }
  }

  @Test
  void callInFlight_isNotAnsweredByUs_butSentAgainByTheClient() throws Exception {
    FakeOrigin[] itself = new FakeOrigin[1];
    FakeOrigin.Script dies =
        connection -> {
          connection.receive();
          itself[0].stopListening();
        };
    try (FakeOrigin second = FakeOrigin.start(says(SECOND));
        FakeOrigin first = FakeOrigin.start(dies);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(first).origin("equivalents", equivalents(second.port())).start();
        RawClient client = proxy.connect()) {
      itself[0] = first;
      assertNull(client.ask(nfsNull(7)));
      assertEquals(SECOND, askedAnew(proxy));
    }
  }

  @Test
  void equivalents_areTriedInTheirOrder() throws Exception {
    int nobody = FakeOrigin.refusingPort();
    try (FakeOrigin second = FakeOrigin.start(says(SECOND));
        FakeOrigin third = FakeOrigin.start(says(THIRD));
        ProxyUnderTest proxy =
            ProxyUnderTest.before(FakeOrigin.refusingPort())
                .origin("equivalents", equivalents(nobody, third.port(), second.port()))
                .start()) {
      assertEquals(THIRD, askedAnew(proxy));
      assertEquals(0, second.accepted());
    }
  }
}
