package org.nfsproxy.server.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.admin.Page.Answer;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Export.State;
import org.nfsproxy.server.exports.PeerExport;

/** The pages there are. */
public final class Pages {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  /** What haproxy takes for: no new client, but leave it those that it has (disable-on-404). */
  private static final int NOT_FOUND = 404;

  private static final Comparator<Export> ORDER =
      Comparator.comparing(Export::path, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Export::index);

  private Pages() {}

  /**
   * All of them.
   *
   * @param parameters what is allowed on an export, and where that comes from
   * @param containment what clients were kept from, as numbers
   * @param ready whether clients are accepted: false before the listeners are open, and again from
   *     when draining begins
   */
  public static Map<String, Page> of(
      Supplier<List<Export>> exports,
      Function<Export, JsonObject> parameters,
      Supplier<JsonObject> containment,
      BooleanSupplier ready) {
    return of(
        exports,
        parameters,
        () -> export -> null,
        List::of,
        told -> new JsonObject(),
        containment,
        ready,
        Optional::empty,
        Optional::empty);
  }

  /**
   * All of them, where there are other instances.
   *
   * @param parameters what is allowed on an export, and where that comes from
   * @param counted what flows a second of an export; null if it is not counted by itself
   * @param told filesystems that other instances tell of and nobody here has met
   * @param toldParameters what would be allowed on such a one
   * @param containment how often clients were kept from being led elsewhere
   * @param fault what only a restart mends for sure
   * @param silence since when the origin does not answer; empty if it does, as far as is known
   */
  public static Map<String, Page> of(
      Supplier<List<Export>> exports,
      Function<Export, JsonObject> parameters,
      Supplier<Function<Export, JsonObject>> counted,
      Supplier<List<PeerExport>> told,
      Function<PeerExport, JsonObject> toldParameters,
      Supplier<JsonObject> containment,
      BooleanSupplier ready,
      Supplier<Optional<String>> fault,
      Supplier<Optional<Instant>> silence) {
    return Map.of(
        "/exports",
            () ->
                list(
                    exports.get(),
                    parameters,
                    counted.get(),
                    told.get(),
                    toldParameters,
                    silence.get()),
        "/containment", () -> new Answer(OK, containment.get()),
        "/health/live", () -> live(fault.get()),
        "/health/ready", () -> ready(ready.getAsBoolean(), UNAVAILABLE),
        "/health/accepting", () -> ready(ready.getAsBoolean(), NOT_FOUND));
  }

  private static Answer live(Optional<String> fault) {
    return fault.isEmpty()
        ? new Answer(OK, new JsonObject().put("live", true))
        : new Answer(UNAVAILABLE, new JsonObject().put("live", false).put("why", fault.get()));
  }

  private static Answer ready(boolean ready, int otherwise) {
    return new Answer(ready ? OK : otherwise, new JsonObject().put("ready", ready));
  }

  private static Answer list(
      List<Export> exports,
      Function<Export, JsonObject> parameters,
      Function<Export, JsonObject> counted,
      List<PeerExport> told,
      Function<PeerExport, JsonObject> toldParameters,
      Optional<Instant> silence) {
    JsonArray list = new JsonArray();
    exports.stream()
        .sorted(ORDER)
        .forEach(
            export ->
                list.add(
                    row(export, silence)
                        .put("counted", counted.apply(export))
                        .put("parameters", parameters.apply(export))));
    told.stream()
        .sorted(Comparator.comparing(PeerExport::path))
        .forEach(each -> list.add(PeerExportRow.of(each, toldParameters.apply(each))));
    return new Answer(OK, list);
  }

  // What nobody has seen is not claimed: the root is in the table before the origin was asked, and
  // an origin that is away leaves everything as it was.
  private static JsonObject row(Export export, Optional<Instant> silence) {
    boolean isSeen = export.lastSeenMillis() > 0;
    JsonObject fsids = new JsonObject();
    export.fsids().forEach(fsid -> fsids.put("nfs" + fsid.nfsVersion(), fsid.toString()));
    return new JsonObject()
        .put("path", export.path())
        .put("paths", new JsonArray(export.paths()))
        .put("fsid", fsids)
        .put("connected", isSeen && export.state() == State.CONNECTED)
        .put("state", isSeen ? word(export.state()) : "unseen")
        .put("why", isSeen ? why(export, silence) : "the origin has not shown it")
        .put("knownFrom", word(export.knownFrom()))
        .put("firstSeen", time(export.firstSeenMillis()))
        .put("lastSeen", time(export.lastSeenMillis()))
        .put("handles", export.handles())
        .put("calls", export.calls())
        .put("refusals", export.refusals());
  }

  private static String why(Export export, Optional<Instant> silence) {
    return export.state() == State.CONNECTED && silence.isPresent()
        ? "as of lastSeen: the origin is silent since " + silence.get()
        : export.why();
  }

  private static @Nullable String time(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
