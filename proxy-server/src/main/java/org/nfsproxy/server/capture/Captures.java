package org.nfsproxy.server.capture;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.metrics.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The capture that runs, or the last one that did: one at a time. For any thread. */
public final class Captures {
  private static final Logger log = LoggerFactory.getLogger(Captures.class);

  private final Vertx vertx;
  private final Meters meters;
  private final LongFunction<@Nullable String> exports;
  private final Bounds bounds;
  private @Nullable Capture last;

  /**
   * The most that a capture may be.
   *
   * @param bytesMax how much memory they take, roughly
   */
  public record Bounds(int callsMax, long bytesMax, int millisMax) {}

  /**
   * None yet.
   *
   * @param meters where calls are counted
   * @param exports the path of an export, by its number; null if it has none
   * @param bounds the most that one may be
   */
  public Captures(
      Vertx vertx, Meters meters, LongFunction<@Nullable String> exports, Bounds bounds) {
    this.vertx = vertx;
    this.meters = meters;
    this.exports = exports;
    this.bounds = bounds;
  }

  /** The most that one may be. */
  public Bounds bounds() {
    return bounds;
  }

  /**
   * Begins one, in the place of the last one.
   *
   * @param calls how many at most
   * @param millis how long at most
   * @return what there is of it: nothing; or null if one runs
   */
  public synchronized @Nullable JsonObject begin(InetAddress client, int calls, int millis) {
    if (last != null && last.isRunning()) {
      return null;
    }
    CaptureEnd end = new CaptureEnd();
    Capture begun =
        new Capture(
            client, calls, bounds.bytesMax, System.currentTimeMillis(), millis, end::reached);
    end.capture = begun;
    end.timer = vertx.setTimer(millis, over -> begun.end(Capture.End.TIME));
    last = begun;
    meters.tell(begun);
    return begun.json(exports);
  }

  /** Takes a capture off the event loops when it has ended. */
  private final class CaptureEnd {
    @Nullable Capture capture;
    long timer;

    void reached() {
      vertx.cancelTimer(timer);
      Capture over = capture;
      if (over != null) {
        meters.untell(over);
        vertx.executeBlocking(() -> told(over), false);
      }
    }
  }

  // Not by an event loop: standard error may be a pipe that nobody reads.
  private static boolean told(Capture over) {
    log.info("the capture of calls of client {} has ended", over.client().getHostAddress());
    return true;
  }

  /** Ends the one that runs; says whether one did. */
  public synchronized boolean stop() {
    boolean runs = last != null && last.isRunning();
    if (last != null) {
      last.end(Capture.End.STOPPED);
    }
    return runs;
  }

  /**
   * The one that runs, or the last one that did.
   *
   * @return null if there was none
   */
  public @Nullable JsonObject json() {
    Capture known;
    synchronized (this) {
      known = last;
    }
    return known == null ? null : known.json(exports);
  }

  /**
   * Whose calls are captured now, and until when.
   *
   * @return in words; null if none are
   */
  public synchronized @Nullable String running() {
    return last != null && last.isRunning()
        ? "calls of %s, until %s".formatted(last.client().getHostAddress(), last.until())
        : null;
  }
}
