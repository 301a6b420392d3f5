package org.nfsproxy.server;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.DeniedRoot;
import org.nfsproxy.server.metrics.CallWatch;
import org.nfsproxy.server.metrics.OperationRows;
import org.nfsproxy.server.metrics.SlowCallLog;
import org.nfsproxy.server.policy.Rules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log is told of single calls when their reply comes: root that is denied, slow ones. */
// Event loops tell, and write nothing themselves: standard error may be a pipe that nobody reads.
final class CallNotices implements CallWatch {
  private static final Logger log = LoggerFactory.getLogger(CallNotices.class);

  private final Vertx vertx;
  private final LongFunction<@Nullable Export> exports;
  private final Supplier<Rules> rules;
  private final SlowCallLog slowCalls;
  private final DeniedRoot deniedRoot = new DeniedRoot();

  /** Notices about calls; exports are found by their number. */
  CallNotices(
      Vertx vertx,
      LongFunction<@Nullable Export> exports,
      Supplier<Rules> rules,
      SlowCallLog slowCalls) {
    this.vertx = vertx;
    this.exports = exports;
    this.rules = rules;
    this.slowCalls = slowCalls;
  }

  @Override
  public void deniedRoot(InetAddress client, CallSummary call) {
    if (deniedRoot.isFirst(client)) {
      String operation = operation(call);
      Export export = export(call);
      later(() -> log.warn("{}", DeniedRoot.line(client, operation, export, rules.get())));
    }
  }

  @Override
  public void slow(
      InetAddress client, int port, CallSummary call, int xid, long originNanos, long proxyNanos) {
    if (slowCalls.takes()) {
      String operation = operation(call);
      Export export = export(call);
      String user = call.user() == CallSummary.NO_USER ? "" : ", uid " + call.user();
      later(
          () ->
              slowCalls.tell(
                  client,
                  "%s%s of client %s port %d%s, xid %08x: %s ms at the origin, %s ms here"
                      .formatted(
                          operation,
                          export == null ? "" : " on " + export,
                          client.getHostAddress(),
                          port,
                          user,
                          xid,
                          millis(originNanos),
                          millis(proxyNanos))));
    }
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
  }

  private static String operation(CallSummary call) {
    OperationRows.Row words = OperationRows.words(call.row());
    String program = words.program().equals("nfs") ? "NFSv" : upper(words.program()) + " ";
    return program + words.version() + " " + words.operation();
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }

  private @Nullable Export export(CallSummary call) {
    return call.export() > 0 ? exports.apply(call.export()) : null;
  }

  private void later(Runnable write) {
    vertx.executeBlocking(
        () -> {
          write.run();
          return null;
        },
        false);
  }
}
