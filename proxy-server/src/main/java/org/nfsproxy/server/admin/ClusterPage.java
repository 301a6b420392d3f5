package org.nfsproxy.server.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cluster.InstanceLink.Instance;
import org.nfsproxy.server.cluster.InstanceLink.Report;

/** Whether the other instances of the proxy are there. Always 200: clients are served without. */
public final class ClusterPage {
  private static final int OK = 200;

  private ClusterPage() {}

  /**
   * The page.
   *
   * @param report how it goes; null if this instance is alone by its configuration
   */
  public static Page of(@Nullable Supplier<Report> report) {
    return report == null
        ? () -> new Page.Answer(OK, new JsonObject().put("state", "off"))
        : () -> new Page.Answer(OK, json(report.get()));
  }

  private static JsonObject json(Report report) {
    JsonArray instances = new JsonArray();
    for (Instance each : report.instances()) {
      instances.add(
          new JsonObject()
              .put("name", each.name())
              .put("address", each.address())
              .put("page", each.page())
              .put("self", each.self()));
    }
    return new JsonObject()
        .put("state", report.joined() ? "joined" : "local-only")
        .put("why", report.why())
        .put("since", Instant.ofEpochMilli(report.sinceMillis()).toString())
        .put("cluster", report.cluster())
        .put("instance", report.instance())
        .put("address", report.address())
        .put("instances", instances)
        .put("exportsTold", report.exportsTold())
        .put("exportsHeard", report.exportsHeard())
        .put("lookups", report.lookups())
        .put("lateLookups", report.lateLookups())
        .put("refusedEntries", report.refused());
  }
}
