package org.nfsproxy.server;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.audit.AuditLog;
import org.nfsproxy.server.audit.AuditSettings;
import org.nfsproxy.server.call.Noting;
import org.nfsproxy.server.capture.Captures;
import org.nfsproxy.server.configuration.Audit;
import org.nfsproxy.server.configuration.CaptureSettings;
import org.nfsproxy.server.configuration.ProxyConfiguration;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.metrics.Meters;

/** What a proxy has to do with what was noted of calls: the audit log, its numbers, captures. */
final class AuditStart {
  private static final String DROPPED = "audit_dropped_calls_total";
  private static final String DROPPED_HELP =
      "Calls that should have events in the audit log and have none. queue: too many came at once,"
          + " audit.queueMax; file: it could not be written, the log says why.";

  private AuditStart() {}

  /** Begins to write, where a file is named; null where none is. */
  static @Nullable AuditLog start(Audit audit, Exports exports) throws IOException {
    return audit.isOn()
        ? AuditLog.start(settings(audit), number -> path(exports.numbered(number)))
        : null;
  }

  /** Captures of single clients' calls, which are told as the audit log is. */
  static Captures captures(
      Vertx vertx, Meters meters, ProxyConfiguration configuration, Exports exports) {
    CaptureSettings settings = configuration.capture();
    return new Captures(
        vertx,
        meters,
        number -> path(exports.numbered(number)),
        new Captures.Bounds(settings.callsMax(), settings.bytesMax(), settings.millisMax()));
  }

  private static @Nullable String path(@Nullable Export export) {
    return export == null ? null : export.path() != null ? export.path() : export.toString();
  }

  private static AuditSettings settings(Audit audit) {
    int what =
        (audit.changes() ? Noting.CHANGES : Noting.NOTHING)
            | (audit.refusals() ? Noting.REFUSALS : Noting.NOTHING)
            | (audit.unreadable() ? Noting.UNREADABLE : Noting.NOTHING);
    return new AuditSettings(
        Path.of(audit.file()),
        what,
        Set.copyOf(audit.without()),
        audit.fileBytesMax(),
        audit.filesMax(),
        audit.queueMax(),
        audit.queueBytesMax());
  }

  /** What it has counted. */
  static List<Measure> measures(@Nullable AuditLog audit) {
    if (audit == null) {
      return List.of();
    }
    AuditLog.Counts counts = audit.counts();
    return List.of(
        Measure.of(
            "audit_events_total", "Events that were written to the audit log.", counts.events()),
        new Measure(DROPPED, DROPPED_HELP, Map.of("why", "queue"), counts.noRoom()),
        new Measure(DROPPED, DROPPED_HELP, Map.of("why", "file"), counts.noFile()));
  }
}
