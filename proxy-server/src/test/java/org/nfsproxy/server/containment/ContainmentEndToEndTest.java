package org.nfsproxy.server.containment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.containment.IntroducedClient.exchangeId;
import static org.nfsproxy.server.containment.IntroducedClient.getattr;
import static org.nfsproxy.server.containment.IntroducedClient.layoutget;
import static org.nfsproxy.server.containment.IntroducedClient.lookup;
import static org.nfsproxy.server.containment.IntroducedClient.putrootfh;
import static org.nfsproxy.server.containment.IntroducedClient.sequence;
import static org.nfsproxy.server.containment.IntroducedClient.text;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

// A whole proxy over loopback, before an origin that offers what no client should have; it answers
// in one piece, and in fragments of one byte.
class ContainmentEndToEndTest {
  private static final int WHERE = 1 << 24;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void client_isKeptAtTheProxy(boolean inCrumbs) throws Exception {
    ReferringOrigin referring = new ReferringOrigin("nas", inCrumbs);
    try (FakeOrigin origin = FakeOrigin.start(referring::serve);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .origin("equivalents", new JsonArray().add("near.example.org"))
                .section("cluster", new JsonObject().put("name", "building-7"))
                .start();
        RawClient socket = proxy.connect();
        IntroducedClient client = new IntroducedClient(socket)) {
      byte[] introduced = client.ask(exchangeId("host", 0x2_0003));
      assertEquals(List.of("host/via:building-7 10000"), referring.introduced);
      assertEquals(0x1_0000, Wire.word(introduced, 8));
      assertTrue(text(introduced).contains("nas/via:building-7"), text(introduced));
      assertTrue(text(introduced).contains("scope/via:building-7"), text(introduced));

      String where = text(client.ask(sequence(), putrootfh(), getattr(WHERE | 2)));
      assertFalse(where.contains("example.org"), where);
      int port = proxy.port();
      assertTrue(where.contains("127.0.0.1.%d.%d".formatted(port >> 8, port & 255)), where);

      byte[] moved = client.ask(sequence(), putrootfh(), lookup("gone"), getattr(2));
      assertEquals(13, Wire.word(moved, 0));
      assertEquals(13, Wire.word(moved, moved.length / 4 - 1));

      byte[] there = client.ask(sequence(), putrootfh(), lookup("here"), getattr(2));
      assertEquals(0, Wire.word(there, 0));

      byte[] layout = client.ask(sequence(), putrootfh(), layoutget());
      assertEquals(10059, Wire.word(layout, 0));
      assertFalse(referring.operations.contains(50));
    }
  }

  @Test
  void client_withTheOriginsIdentity_seesTheOrigin_andIsKeptAllTheSame() throws Exception {
    ReferringOrigin referring = new ReferringOrigin("nas", false);
    try (FakeOrigin origin = FakeOrigin.start(referring::serve);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).identity("origin").start();
        RawClient socket = proxy.connect();
        IntroducedClient client = new IntroducedClient(socket)) {
      byte[] introduced = client.ask(exchangeId("host", 0x103));
      assertEquals(List.of("host 100"), referring.introduced);
      assertEquals(0x1_0000, Wire.word(introduced, 8));
      assertFalse(text(introduced).contains("via"), text(introduced));
      String where = text(client.ask(sequence(), putrootfh(), getattr(WHERE)));
      assertFalse(where.contains("example.org"), where);
    }
  }
}
