package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

/** Replies that come in pieces, cut anywhere, are counted as whole ones are. */
class SplitRepliesTest {
  private static final int STALE = 70;

  @Test
  void reply_cutAtEachByteOfItsHead_orOfManyFragments_isCountedWithItsStatusAndBytes()
      throws Exception {
    byte[] results = Wire.words(STALE, 0, 7, 8, 9);
    int bytes = Wire.reply(0, results).length;
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] call = connection.receive();
                  for (int cut = 1; call != null; cut++) {
                    byte[] reply = Wire.reply(Wire.word(call, 0), results);
                    if (cut < bytes) {
                      connection.send(Arrays.copyOf(reply, cut));
                      connection.send(Arrays.copyOfRange(reply, cut, bytes));
                    } else {
                      connection.drip(Wire.crumbs(Wire.replyMessage(Wire.word(call, 0), results)));
                    }
                    call = connection.receive();
                  }
                });
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .section("admin", new JsonObject().put("port", 0))
                .start();
        RawClient client = proxy.connect()) {
      for (int call = 1; call <= bytes; call++) {
        assertNotNull(client.ask(Wire.read(call)));
      }
      Scrape scrape = Scrape.of(proxy.adminPort());
      String labels = "{program=\"nfs\",version=\"3\",operation=\"READ\"";
      assertEquals(bytes, scrape.of("nfs_proxy_operations_total").get(labels + "}"));
      assertEquals(
          bytes, scrape.of("nfs_proxy_operation_errors_total").get(labels + ",status=\"STALE\"}"));
      int crumbs = Wire.crumbs(Wire.replyMessage(0, results)).length;
      assertEquals(
          (bytes - 1) * bytes + crumbs,
          scrape.of("nfs_proxy_operation_sent_bytes_total").get(labels + "}"));
    }
  }
}
