package org.nfsproxy.server.audit;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.NotedOperation;
import org.nfsproxy.server.call.NotedRefusal;
import org.nfsproxy.server.call.Noting;
import org.nfsproxy.server.metrics.NotedCall;

/** The events of one call: one for each operation that changed something, one for its refusal. */
final class AuditLines {
  private final int what;
  private final Set<String> without;
  private final LongFunction<@Nullable String> exports;

  /**
   * Makes lines.
   *
   * @param what bits of {@link Noting}
   * @param without operations that are left out, by their names in the RFC
   * @param exports the path of an export, by its number; null if it has none
   */
  AuditLines(int what, Set<String> without, LongFunction<@Nullable String> exports) {
    this.what = what;
    this.without = without;
    this.exports = exports;
  }

  /** Whether a call may have lines. */
  boolean mayConcern(NotedCall call) {
    CallNote note = call.note();
    if (note.refusal() != null && has(Noting.REFUSALS)) {
      return true;
    }
    if (!has(note.isSealed() ? Noting.UNREADABLE : Noting.CHANGES)) {
      return false;
    }
    for (NotedOperation operation : note.operations()) {
      if (isTold(call, operation)) {
        return true;
      }
    }
    return false;
  }

  private boolean has(int bit) {
    return (what & bit) != 0;
  }

  private boolean isTold(NotedCall call, NotedOperation operation) {
    NotedRefusal refusal = call.note().refusal();
    return operation.changes()
        && call.mayBeExecuted(operation)
        && (refusal == null || operation.index() < refusal.operation().index())
        && !without.contains(operation.name());
  }

  /** The lines of a call, without their ends. */
  List<String> of(NotedCall call) {
    CallNote note = call.note();
    List<String> lines = new ArrayList<>(1);
    if (has(note.isSealed() ? Noting.UNREADABLE : Noting.CHANGES)) {
      for (NotedOperation operation : note.operations()) {
        if (isTold(call, operation)) {
          String event = note.isSealed() ? "unreadable" : "change";
          lines.add(NotedJson.line(event(event, call, operation)));
        }
      }
    }
    NotedRefusal refusal = note.refusal();
    if (refusal != null && has(Noting.REFUSALS)) {
      lines.add(
          NotedJson.line(
              event("refusal", call, refusal.operation())
                  .put("key", refusal.key())
                  .put("rule", refusal.rule())));
    }
    return lines;
  }

  private JsonObject event(String event, NotedCall call, NotedOperation operation) {
    CallNote note = call.note();
    JsonObject json =
        begin(event, call.atMillis())
            .put("client", call.client().getHostAddress())
            .put("port", call.port())
            .put("xid", NotedJson.xid(note.xid()))
            .put("program", note.program())
            .put("version", note.version())
            .put("operation", operation.name())
            .put("export", call.export() > 0 ? exports.apply(call.export()) : null);
    NotedJson.putCaller(json, note);
    NotedJson.putObjects(json, operation);
    return json.put("status", call.status(operation)).put("answered", call.isAnswered());
  }

  private static JsonObject begin(String event, long atMillis) {
    return new JsonObject()
        .put("time", Instant.ofEpochMilli(atMillis).toString())
        .put("event", event);
  }

  /** Says that calls have no lines. */
  static String dropped(long atMillis, long calls, String why) {
    return NotedJson.line(begin("dropped", atMillis).put("calls", calls).put("why", why));
  }

  /** Says that from here on, or up to here, events are written. */
  static String mark(long atMillis, String event) {
    return NotedJson.line(begin(event, atMillis));
  }
}
