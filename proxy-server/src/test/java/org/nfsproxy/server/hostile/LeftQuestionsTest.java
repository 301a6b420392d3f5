package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.Eventually.eventually;

import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.QuietBackend;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;

/** Clients that ask for much and leave. */
class LeftQuestionsTest {
  private static final int NFS = 100003;
  private static final int REMOVE = 12;

  private static final JsonObject READ_ONLY_RULE =
      new JsonObject()
          .put(
              "rules",
              new JsonArray().add(new JsonObject().put("path", "/ro").put("access", "ro")));

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Promise<ObjectIdentity> answer = Promise.promise();

  private static byte[] remove(int xid, String handle) {
    return Wire.record(Wire.call(xid, NFS, 3, REMOVE, out -> out.string(handle).string("name")));
  }

  private static String text(Filehandle handle) {
    return new String(handle.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void connection_thatIsClosed_hasNothingAskedAnyMore() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(connection -> connection.receive());
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .section("exports", READ_ONLY_RULE)
                .limit("questionsMax", 1)
                .asking(
                    backend ->
                        new QuietBackend(
                            backend,
                            (handle, nfsVersion) -> {
                              asked.add(text(handle));
                              return answer.future();
                            }))
                .start()) {
      try (RawClient leaver = proxy.connect()) {
        for (int i = 0; i < 10; i++) {
          leaver.send(remove(i, "leaver's " + i));
        }
        eventually("the first is asked", () -> asked.size() == 1);
      }
      eventually("it has left", () -> proxy.connections() == 0);
      try (RawClient stays = proxy.connect()) {
        stays.send(remove(1, "who stays"));
        stays.send(remove(2, "who stays too"));
        eventually("its connection is there", () -> proxy.connections() == 1);
        answer.complete(new ObjectIdentity(1, 0, 1, 1));
        eventually("its questions are asked", () -> asked.contains("who stays too"));
      }
    }
    // Its first question was under way when it left: the answer is worth having, and places a
    // filesystem, for which the same handle is asked about in another version.
    assertEquals(
        List.of(),
        asked.stream()
            .filter(handle -> handle.startsWith("leaver's") && !handle.equals("leaver's 0"))
            .toList());
  }
}
