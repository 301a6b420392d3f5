package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.cache.CacheBounds;
import org.nfsproxy.server.cache.Purged;
import org.nfsproxy.server.cache.ReadCache;

/** What whoever empties caches is told. */
@Timeout(60)
class CachePagesTest {
  private static final CacheBounds BOUNDS =
      new CacheBounds(1 << 20, 100, 4096, 512, 1 << 20, 2_000_000_000L, 3_600_000, 0);

  private final Vertx vertx = Vertx.vertx();
  private int asked;

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Page.Answer purge(List<Purged> said, String... query) throws Exception {
    ReadCache cache = new ReadCache(BOUNDS, () -> 0, () -> 1_000, List.of());
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
    for (String each : query) {
      parameters.add(each.split("=")[0], each.split("=")[1]);
    }
    return CachePages.purge(
            vertx,
            cache,
            () -> {
              asked++;
              return Future.succeededFuture(said);
            })
        .begin(parameters)
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void all_haveSaidThatTheyAreEmpty_isDone() throws Exception {
    Page.Answer answer = purge(List.of(Purged.of("a", 5), Purged.of("b", 7)));
    assertEquals(202, answer.status());
    assertEquals(
        new JsonObject(
            "{'droppedBytes':12,'instances':[{'instance':'a','droppedBytes':5},{'instance':'b','droppedBytes':7}]}"
                .replace('\'', '"')),
        answer.json());
  }

  @Test
  void one_hasNotSaidSo_isAFault_whichNamesIt() throws Exception {
    Page.Answer answer = purge(List.of(Purged.of("a", 5), Purged.not("b", "it is away")));
    assertEquals(504, answer.status());
    assertEquals(
        new JsonObject(
            "{'error':'not all instances have said that they are empty: ask again','droppedBytes':5,'instances':[{'instance':'a','droppedBytes':5},{'instance':'b','error':'it is away'}]}"
                .replace('\'', '"')),
        answer.json());
  }

  @Test
  void thisAlone_asksNobody() throws Exception {
    assertEquals(
        new JsonObject().put("droppedBytes", 0L), purge(List.of(), "instances=this").json());
    assertEquals(0, asked);
    purge(List.of(), "instances=all");
    assertEquals(1, asked);
    assertThrows(ActionQuery.NonsenseException.class, () -> purge(List.of(), "instances=some"));
  }
}
