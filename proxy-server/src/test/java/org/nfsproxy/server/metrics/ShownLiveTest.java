package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.AdminPages;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.LivePageEvents;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

/** What the live page is told by a whole proxy. */
class ShownLiveTest {
  private static final String HOSTILE = "/<img src=x onerror=alert(1)>";
  private static final int DELAY_MILLIS = 60;

  private final AtomicInteger delayMillis = new AtomicInteger();

  private void serve(FakeOriginConnection connection) throws IOException {
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      Eventually.pause(delayMillis.get());
      connection.send(Wire.reply(Wire.word(call, 0), Wire.words(0, 0, 0, 0)));
    }
  }

  private ProxyUnderTest proxy(FakeOrigin origin, JsonObject metrics) throws Exception {
    return ProxyUnderTest.before(origin)
        .asking(backend -> new PlacedBackend(backend, List.of(HOSTILE)))
        .section("metrics", metrics)
        .section(
            "admin",
            new JsonObject().put("port", 0).put("page", new JsonObject().put("eventMillis", 500)))
        .start();
  }

  private static byte[] getattr(int xid) {
    return Wire.record(Wire.call(xid, Wire.NFS, 3, 1, out -> out.opaque(PlacedBackend.root(1))));
  }

  // A name is what it is: the page makes text of it, and tests of the page see to that.
  @Test
  void delayAtTheOrigin_isTheOrigins_andNamesAreTheirOwn() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(this::serve);
        ProxyUnderTest proxy = proxy(origin, new JsonObject());
        RawClient client = proxy.connect();
        LivePageEvents events = LivePageEvents.of(proxy.adminPort())) {
      delayMillis.set(DELAY_MILLIS);
      AtomicInteger xid = new AtomicInteger();
      Eventually.eventually(
          "the origin is told to be slow",
          () -> {
            JsonObject all = eventAfterCalls(events, client, xid).getJsonObject("all");
            return "origin".equals(all.getString("longerAt"))
                && all.getDouble("originMillis") >= DELAY_MILLIS
                && all.getDouble("proxyMillis") < all.getDouble("originMillis");
          });
      JsonObject event = events.next();
      assertTrue(event.getJsonObject("exports").encode().contains(HOSTILE), event.encode());
      assertEquals("off", event.getJsonObject("cluster").getString("state"));
      assertEquals(true, event.getJsonObject("info").getBoolean("serving"));
    }
  }

  private static JsonObject eventAfterCalls(
      LivePageEvents events, RawClient client, AtomicInteger xid) {
    try {
      for (int i = 0; i < 5; i++) {
        client.ask(getattr(xid.incrementAndGet()));
      }
      return events.next();
    } catch (IOException broken) {
      throw new IllegalStateException(broken);
    }
  }

  @Test
  void draining_isSeen() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(this::serve);
        ProxyUnderTest proxy = proxy(origin, new JsonObject());
        LivePageEvents events = LivePageEvents.of(proxy.adminPort())) {
      events.next();
      assertEquals(202, AdminPages.ask(proxy, "POST", "/drain").status());
      Eventually.eventually(
          "drained",
          () -> {
            try {
              return !events.next().getJsonObject("info").getBoolean("serving");
            } catch (IOException broken) {
              throw new IllegalStateException(broken);
            }
          });
    }
  }

  @Test
  void nothingCounted_isNoPage() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(this::serve);
        ProxyUnderTest proxy = proxy(origin, new JsonObject().put("enabled", false))) {
      assertEquals(404, AdminPages.ask(proxy, "GET", "/").status());
      assertEquals(404, AdminPages.ask(proxy, "GET", "/events").status());
    }
  }
}
