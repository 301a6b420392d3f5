package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.cache.Holdings;
import org.nfsproxy.server.cache.KeptFiles;
import org.nfsproxy.server.cache.ReadCache;
import org.nfsproxy.server.cache.TestCache;
import org.nfsproxy.server.cache.Turns;
import org.nfsproxy.server.cache.WarmBounds;
import org.nfsproxy.server.cache.Warming;

class WarmPagesTest {
  private static final String PATH = "{\"paths\":[\"/a//b/\"]";
  private static final CallCredential READER = CallCredential.sys("nfs-proxy", 1000, 100);

  /** Nothing is ever looked at: a run goes on until the test ends. */
  private static final class NoTurns implements Turns {
    @Override
    public void run(Runnable turn) {}

    @Override
    public void later(long millis, Runnable turn) {}
  }

  private Set<Integer> served = Set.of(3, 4);
  private final WarmPages pages = new WarmPages(warming(), "", () -> served);

  private static Warming warming() {
    ReadCache cache = TestCache.at(() -> 0, () -> 1_000).make();
    return new Warming(
        new Holdings(cache, null),
        null, // no turn is taken, so nobody is asked
        null,
        READER,
        KeptFiles.ALL,
        new NoTurns(),
        new WarmBounds(3, 1 << 20),
        () -> 1_000);
  }

  private static Page.Answer post(WarmPages pages, String body) {
    return pages
        .begin()
        .begin(MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  @Test
  void post_isBegunOnce_andShown_andEnded() {
    assertEquals(404, pages.page().answer().status());
    Page.Answer begun = post(pages, PATH + ",\"nfsVersions\":[4,3,4]}");
    assertEquals(202, begun.status());
    assertEquals(
        new JsonObject().put("paths", 1).put("nfsVersions", new JsonArray(List.of(3, 4))),
        begun.json());
    assertEquals(409, post(pages, PATH + ",\"nfsVersions\":[4]}").status());
    Page.Answer shown = pages.page().answer();
    assertEquals(200, shown.status());
    assertEquals(true, ((JsonObject) shown.json()).getBoolean("running"));
    MultiMap none = MultiMap.caseInsensitiveMultiMap();
    assertEquals(202, pages.stop().begin(none).result().status());
  }

  @Test
  void version_isThatOfTheOrigin_ifItHasOne() {
    served = Set.of(2, 4);
    JsonObject begun = (JsonObject) post(pages, PATH + "}").json();
    assertEquals(new JsonArray(List.of(4)), begun.getJsonArray("nfsVersions"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"paths\":[]}",
        "{\"paths\":\"/a\"}",
        "{\"paths\":[\"a\"],\"nfsVersions\":[4]}",
        "{\"paths\":[\"/a/../b\"],\"nfsVersions\":[4]}",
        "{\"paths\":[\"/a/./b\"],\"nfsVersions\":[4]}",
        "{\"paths\":[\"/a\\u0000b\"],\"nfsVersions\":[4]}",
        "{\"paths\":[4],\"nfsVersions\":[4]}",
        "{\"paths\":[null],\"nfsVersions\":[4]}",
        "{\"paths\":[\"/1\",\"/2\",\"/3\",\"/4\"],\"nfsVersions\":[4]}",
        "{\"paths\":[\"/a\"]}",
        "{\"paths\":[\"/a\"],\"nfsVersions\":[]}",
        "{\"paths\":[\"/a\"],\"nfsVersions\":[2]}",
        "{\"paths\":[\"/a\"],\"nfsVersions\":[5]}",
        "{\"paths\":[\"/a\"],\"nfsVersions\":[\"4\"]}",
        "{\"paths\":[\"/a\"],\"nfsVersions\":4}",
        "{\"paths\":[\"/a\"],\"nfsVersions\":[4],\"as\":0}",
        "{\"paths\":[\"/a\"],\"nfsVersions\":[4]"
      })
  void nonsense_isToldAndNotBegun(String body) {
    ActionQuery.NonsenseException told =
        assertThrows(ActionQuery.NonsenseException.class, () -> post(pages, body));
    assertTrue(told.getMessage().contains("with a body such as"), told.getMessage());
    assertEquals(404, pages.page().answer().status());
  }

  @Test
  void parameters_areNonsense() {
    MultiMap some = MultiMap.caseInsensitiveMultiMap().add("path", "/a");
    Buffer body = Buffer.buffer(PATH + "}");
    assertThrows(ActionQuery.NonsenseException.class, () -> pages.begin().begin(some, body));
  }

  @Test
  void withoutAReader_isToldWhatToSet() {
    WarmPages none = new WarmPages(null, "set cache.warm.uid", () -> served);
    Page.Answer refused = post(none, PATH + "}");
    assertEquals(503, refused.status());
    assertEquals("set cache.warm.uid", ((JsonObject) refused.json()).getString("error"));
    assertEquals(404, none.page().answer().status());
    MultiMap nothing = MultiMap.caseInsensitiveMultiMap();
    assertEquals(404, none.stop().begin(nothing).result().status());
  }
}
