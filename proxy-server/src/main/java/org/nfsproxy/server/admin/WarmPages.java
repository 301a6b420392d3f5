package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.admin.Page.Answer;
import org.nfsproxy.server.cache.WarmProgress;
import org.nfsproxy.server.cache.Warming;
import org.nfsproxy.server.policy.ExportPath;

/** Files that are read before a client asks: begun and ended by a POST, looked at by a GET. */
public final class WarmPages {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int UNAVAILABLE = 503;
  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final int PATH_CHARS_MAX = 4096;
  private static final String PATHS = "paths";
  private static final String VERSIONS = "nfsVersions";
  private static final String FORM =
      "{\"paths\": [\"/export/a/file\", \"/export/a/directory\"], \"nfsVersions\": [4]}";

  private final @Nullable Warming warming;
  private final String whyNot;
  private final Supplier<Set<Integer>> served;

  /**
   * Pages.
   *
   * @param warming null if nothing can be read
   * @param whyNot why it cannot, and what to do
   * @param served the versions of NFS that the origin serves, as far as is known
   */
  public WarmPages(@Nullable Warming warming, String whyNot, Supplier<Set<Integer>> served) {
    this.warming = warming;
    this.whyNot = whyNot;
    this.served = served;
  }

  /** How far it is. */
  public Page page() {
    return () -> {
      WarmProgress progress = warming == null ? null : warming.progress();
      return progress == null
          ? new Answer(NOT_FOUND, error("nothing was warmed; POST /cache/warm begins"))
          : new Answer(OK, json(progress));
    };
  }

  /** Ends what runs. */
  public Action stop() {
    return parameters -> {
      new ActionQuery(parameters, "/cache/warm/stop", Set.of());
      boolean stopped = warming != null && warming.stop();
      return Future.succeededFuture(
          stopped
              ? new Answer(ACCEPTED, new JsonObject().put("running", false))
              : new Answer(NOT_FOUND, error("nothing is being warmed")));
    };
  }

  /** Begins. */
  public Action begin() {
    return new Action() {
      @Override
      public int bodyBytesMax() {
        return BODY_BYTES_MAX;
      }

      @Override
      public Future<Answer> begin(MultiMap parameters) {
        throw nonsense("there is no body");
      }

      @Override
      public Future<Answer> begin(MultiMap parameters, Buffer body) {
        return Future.succeededFuture(begun(parameters, body));
      }
    };
  }

  private Answer begun(MultiMap parameters, Buffer body) {
    if (!parameters.isEmpty()) {
      throw nonsense("there are parameters in the URL");
    }
    if (warming == null) {
      return new Answer(UNAVAILABLE, error(whyNot));
    }
    JsonObject asked = object(body);
    List<String> paths = paths(asked, warming.bounds().filesMax());
    List<Integer> versions = versions(asked);
    return warming.begin(paths, versions)
        ? new Answer(
            ACCEPTED, new JsonObject().put(PATHS, paths.size()).put(VERSIONS, array(versions)))
        : new Answer(
            CONFLICT,
            error("one at a time, and there is one; POST /cache/warm/stop ends it, GET shows it"));
  }

  private static JsonObject object(Buffer body) {
    JsonObject asked;
    try {
      asked = new JsonObject(body);
    } catch (DecodeException | ClassCastException wrong) {
      throw nonsense("the body is no JSON object");
    }
    for (String name : asked.fieldNames()) {
      if (!name.equals(PATHS) && !name.equals(VERSIONS)) {
        throw nonsense("there is no " + ActionQuery.shown(name));
      }
    }
    return asked;
  }

  private static List<String> paths(JsonObject asked, int max) {
    if (!(asked.getValue(PATHS) instanceof JsonArray array) || array.isEmpty()) {
      throw nonsense(PATHS + " is no array with a path in it");
    }
    if (array.size() > max) {
      throw nonsense("%d paths, above %d (cache.warm.filesMax)".formatted(array.size(), max));
    }
    List<String> paths = new ArrayList<>(array.size());
    for (Object each : array) {
      paths.add(path(each));
    }
    return paths.stream().distinct().toList();
  }

  private static String path(Object value) {
    if (!(value instanceof String text)
        || text.length() > PATH_CHARS_MAX
        || !ExportPath.isRulePath(text)) {
      throw nonsense(
          "found %s, expected %s"
              .formatted(ActionQuery.shown(String.valueOf(value)), ExportPath.FORM));
    }
    return ExportPath.of(text).toString();
  }

  // Data are kept for each version of NFS by itself. Both would take twice the memory unasked, and
  // one of two may be the one that nobody reads by.
  private List<Integer> versions(JsonObject asked) {
    Set<Integer> there = new TreeSet<>(served.get());
    there.retainAll(Set.of(3, 4));
    if (!asked.containsKey(VERSIONS)) {
      if (there.size() == 1) {
        return List.copyOf(there);
      }
      throw nonsense(
          VERSIONS
              + " is missing, and the origin serves "
              + there
              + ": name what clients mount by");
    }
    if (!(asked.getValue(VERSIONS) instanceof JsonArray array) || array.isEmpty()) {
      throw nonsense(VERSIONS + " is no array with a version in it");
    }
    Set<Integer> versions = new TreeSet<>();
    for (Object each : array) {
      if (!(each instanceof Integer version) || !there.contains(version)) {
        throw nonsense(
            "%s: found %s, and the origin serves %s"
                .formatted(VERSIONS, ActionQuery.shown(String.valueOf(each)), there));
      }
      versions.add(version);
    }
    return List.copyOf(versions);
  }

  private static ActionQuery.NonsenseException nonsense(String what) {
    return new ActionQuery.NonsenseException(
        "%s. POST /cache/warm, with a body such as %s".formatted(what, FORM));
  }

  private static JsonArray array(List<Integer> numbers) {
    return new JsonArray(new ArrayList<>(numbers));
  }

  private static JsonObject error(String text) {
    return new JsonObject().put("error", text);
  }

  private static JsonObject json(WarmProgress progress) {
    JsonArray errors = new JsonArray();
    for (WarmProgress.Failed each : progress.errors()) {
      errors.add(
          new JsonObject()
              .put("path", each.path())
              .put("nfsVersion", each.nfsVersion())
              .put("why", each.cause()));
    }
    boolean isRunning = progress.isRunning();
    return new JsonObject()
        .put("running", isRunning)
        .put("since", Instant.ofEpochMilli(progress.beganMillis()).toString())
        .put("until", isRunning ? null : Instant.ofEpochMilli(progress.endedMillis()).toString())
        .put("endedBefore", progress.end())
        .put(VERSIONS, array(progress.nfsVersions()))
        .put("filesDone", progress.filesDone())
        .put("filesFailed", progress.filesFailed())
        .put("filesOpen", progress.filesOpen())
        .put("filesPending", progress.filesPending())
        .put("skipped", progress.skipped())
        .put("bytesRead", progress.bytesRead())
        .put("bytesDone", progress.bytesDone())
        .put("bytesHere", isRunning ? null : progress.bytesHere())
        .put("errors", errors);
  }
}
