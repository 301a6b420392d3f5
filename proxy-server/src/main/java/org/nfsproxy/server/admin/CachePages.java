package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.admin.Page.Answer;
import org.nfsproxy.server.cache.Purged;
import org.nfsproxy.server.cache.ReadCache;
import org.nfsproxy.server.cache.ReadsByExport.Row;

/** What the cache holds and has saved, and its end. */
public final class CachePages {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;
  private static final int GATEWAY_TIMEOUT = 504;
  private static final String INSTANCES = "instances";

  private CachePages() {}

  /**
   * The page.
   *
   * @param cache null if there is none
   * @param measures what is counted in all
   * @param rows what is counted by export
   */
  public static Page page(
      @Nullable ReadCache cache, Supplier<List<Measure>> measures, Supplier<List<Row>> rows) {
    return () -> {
      JsonObject json = new JsonObject().put("enabled", cache != null);
      if (cache != null) {
        measures.get().forEach(measure -> json.put(measure.name(), number(measure)));
        JsonArray exports = new JsonArray();
        rows.get().forEach(row -> exports.add(json(row)));
        json.put("exports", exports);
      }
      return new Answer(OK, json);
    };
  }

  private static JsonObject json(Row row) {
    return new JsonObject()
        .put("export", row.export())
        .put("hits", row.hits())
        .put("hitBytes", row.hitBytes())
        .put("misses", row.misses())
        .put("missBytes", row.missBytes());
  }

  private static Object number(Measure measure) {
    double value = measure.value();
    boolean isWhole = value == Math.rint(value) && !measure.name().endsWith("seconds_total");
    return isWhole ? (Object) (long) value : (Object) value;
  }

  /**
   * The action that empties it.
   *
   * @param vertx many pieces take their time, on a thread of it that may block
   * @param cache null if there is none
   * @param everywhere has all instances do it; null if there are no others
   */
  public static Action purge(
      Vertx vertx, @Nullable ReadCache cache, @Nullable Supplier<Future<List<Purged>>> everywhere) {
    return parameters -> {
      ActionQuery query =
          new ActionQuery(parameters, "/cache/purge[?instances=this]", Set.of(INSTANCES));
      boolean isThisAlone =
          query.text(INSTANCES) != null
              && query.word(INSTANCES, List.of("all", "this")).equals("this");
      if (cache == null) {
        String why = "there is no cache here: cache.enabled is false, or see the log of the start";
        return Future.succeededFuture(new Answer(UNAVAILABLE, new JsonObject().put("error", why)));
      }
      if (everywhere != null && !isThisAlone) {
        return everywhere.get().map(CachePages::answer);
      }
      return vertx
          .executeBlocking(cache::purge, false)
          .map(bytes -> new Answer(ACCEPTED, new JsonObject().put("droppedBytes", bytes)));
    };
  }

  // Whoever empties caches since their data are wrong must not take a part for all.
  private static Answer answer(List<Purged> all) {
    JsonArray instances = new JsonArray();
    long droppedBytes = 0;
    boolean isComplete = true;
    for (Purged each : all) {
      JsonObject one = new JsonObject().put("instance", each.instance());
      if (each.why() == null) {
        one.put("droppedBytes", each.droppedBytes());
        droppedBytes += each.droppedBytes();
      } else {
        one.put("error", each.why());
        isComplete = false;
      }
      instances.add(one);
    }
    JsonObject json = new JsonObject();
    if (!isComplete) {
      json.put("error", "not all instances have said that they are empty: ask again");
    }
    json.put("droppedBytes", droppedBytes).put("instances", instances);
    return new Answer(isComplete ? ACCEPTED : GATEWAY_TIMEOUT, json);
  }
}
