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
import org.nfsproxy.server.cache.ReadCache;
import org.nfsproxy.server.cache.ReadsByExport.Row;

/** What the cache holds and has saved, and its end. */
public final class CachePages {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;

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
   */
  public static Action purge(Vertx vertx, @Nullable ReadCache cache) {
    return parameters -> {
      new ActionQuery(parameters, "/cache/purge", Set.of());
      if (cache == null) {
        String why = "there is no cache here: cache.enabled is false, or see the log of the start";
        return Future.succeededFuture(new Answer(UNAVAILABLE, new JsonObject().put("error", why)));
      }
      return vertx
          .executeBlocking(cache::purge, false)
          .map(bytes -> new Answer(ACCEPTED, new JsonObject().put("droppedBytes", bytes)));
    };
  }
}
