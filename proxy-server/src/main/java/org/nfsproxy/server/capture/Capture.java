package org.nfsproxy.server.capture;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.audit.NotedJson;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.NotedOperation;
import org.nfsproxy.server.call.NotedRefusal;
import org.nfsproxy.server.call.Noting;
import org.nfsproxy.server.metrics.NotedCall;
import org.nfsproxy.server.metrics.NotedCalls;

/**
 * The next calls of one client, up to a number, an amount of memory and a time: what each asked
 * for, by the tables, and what came of it. No bytes of files, and nothing of a credential but its
 * flavor and the numbers in it.
 */
// Event loops add; whoever reaches a bound ends it, and from then on nobody is asked about any
// call.
final class Capture implements NotedCalls {
  /** What a call takes beside what was noted of it. */
  private static final long CALL_BYTES = 512;

  /** Why it has ended. */
  enum End {
    /** As many calls as were asked for. */
    CALLS,
    /** As much memory as there is for them. */
    BYTES,
    /** The time is over. */
    TIME,
    /** Somebody has ended it. */
    STOPPED
  }

  private final InetAddress client;
  private final int callsMax;
  private final long bytesMax;
  private final long sinceMillis;
  private final long untilMillis;
  private final Runnable ended;
  private final Queue<NotedCall> calls = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();

  /**
   * A capture that begins.
   *
   * @param callsMax how many at most
   * @param bytesMax how much memory they may take
   * @param sinceMillis when it begins, in milliseconds since 1970
   * @param millis how long it lasts at most
   * @param ended run once, when it has ended; on an event loop, perhaps
   */
  Capture(
      InetAddress client,
      int callsMax,
      long bytesMax,
      long sinceMillis,
      long millis,
      Runnable ended) {
    this.client = client;
    this.callsMax = callsMax;
    this.bytesMax = bytesMax;
    this.sinceMillis = sinceMillis;
    this.untilMillis = sinceMillis + millis;
    this.ended = ended;
  }

  @Override
  public int wants(InetAddress address) {
    return end.get() == null && address.equals(client) ? Noting.ALL : Noting.NOTHING;
  }

  @Override
  public void told(NotedCall call) {
    if (end.get() != null || !call.client().equals(client)) {
      return;
    }
    if (bytes.addAndGet(CALL_BYTES + call.note().bytes()) > bytesMax) {
      end(End.BYTES);
      return;
    }
    int number = count.incrementAndGet();
    if (number <= callsMax) {
      calls.add(call);
    }
    if (number >= callsMax) {
      end(End.CALLS);
    }
  }

  /** Ends it, if it has not ended. */
  void end(End why) {
    if (end.compareAndSet(null, why)) {
      ended.run();
    }
  }

  boolean isRunning() {
    return end.get() == null;
  }

  InetAddress client() {
    return client;
  }

  Instant until() {
    return Instant.ofEpochMilli(untilMillis);
  }

  /** What there is so far. */
  JsonObject json(LongFunction<@Nullable String> exports) {
    End why = end.get();
    JsonArray rows = new JsonArray();
    calls.forEach(call -> rows.add(row(call, exports)));
    return new JsonObject()
        .put("running", why == null)
        .put("ended", why == null ? null : why.name().toLowerCase(Locale.ROOT))
        .put("address", client.getHostAddress())
        .put("since", Instant.ofEpochMilli(sinceMillis).toString())
        .put("until", until().toString())
        .put("callsMax", callsMax)
        .put("calls", rows);
  }

  private static JsonObject row(NotedCall call, LongFunction<@Nullable String> exports) {
    CallNote note = call.note();
    JsonObject row =
        new JsonObject()
            .put("time", Instant.ofEpochMilli(call.atMillis()).toString())
            .put("port", call.port())
            .put("xid", NotedJson.xid(note.xid()))
            .put("program", note.program())
            .put("version", note.version());
    NotedJson.putCaller(row, note);
    row.put("export", call.export() > 0 ? exports.apply(call.export()) : null)
        .put("unreadable", note.isSealed())
        .put("operations", operations(call, note))
        .put("status", call.status())
        .put("answered", call.isAnswered())
        .put("callBytes", call.bytes())
        .put("replyBytes", note.replyBytes())
        .put("originMillis", millis(call.originNanos()))
        .put("proxyMillis", millis(call.proxyNanos()));
    NotedRefusal refusal = note.refusal();
    if (refusal != null) {
      row.put(
          "refused",
          new JsonObject()
              .put("operation", refusal.operation().name())
              .put("key", refusal.key())
              .put("rule", refusal.rule()));
    }
    return row;
  }

  private static JsonArray operations(NotedCall call, CallNote note) {
    JsonArray rows = new JsonArray();
    List<NotedOperation> operations = note.operations();
    for (NotedOperation operation : operations) {
      JsonObject row = new JsonObject().put("operation", operation.name());
      NotedJson.putObjects(row, operation);
      boolean isExecuted =
          call.results() < 0 || operation.index() < call.results() || operations.size() == 1;
      rows.add(row.put("status", isExecuted ? call.status(operation) : "not executed"));
    }
    return rows;
  }

  private static @Nullable Double millis(long nanos) {
    return nanos < 0 ? null : Math.round(nanos / 1e3) / 1e3;
  }
}
