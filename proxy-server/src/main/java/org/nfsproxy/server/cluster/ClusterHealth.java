package org.nfsproxy.server.cluster;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the others are asked, or this instance goes on alone for a while. */
// joined      the member is up, others are there, and nothing went wrong lately
// local-only  everything else
//
// Asked for each filesystem that is new; told of each change. A change by time alone is seen when
// somebody looks.
final class ClusterHealth {
  private static final Logger log = LoggerFactory.getLogger(ClusterHealth.class);

  /** How it is now. */
  record Now(boolean joined, String why, long sinceMillis) {}

  private final long backOffNanos;
  private final LongSupplier nanoTime;
  private final LongSupplier nowMillis;
  private boolean up;
  private int others;
  private @Nullable String trouble;
  private long untilNanos;
  private Now shown;

  ClusterHealth(int backOffMillis, LongSupplier nanoTime, LongSupplier nowMillis) {
    this.backOffNanos = TimeUnit.MILLISECONDS.toNanos(backOffMillis);
    this.nanoTime = nanoTime;
    this.nowMillis = nowMillis;
    this.shown = new Now(false, "starting", nowMillis.getAsLong());
  }

  /** The member is up, or not any more. */
  synchronized void up(boolean isUp, int othersNow) {
    up = isUp;
    others = othersNow;
    now();
  }

  /** How many other members there are. */
  synchronized void others(int count) {
    others = count;
    now();
  }

  /** Something went wrong: nobody is asked for a while. */
  synchronized void trouble(String why) {
    trouble = why;
    untilNanos = nanoTime.getAsLong() + backOffNanos;
    now();
  }

  boolean isJoined() {
    return now().joined;
  }

  synchronized Now now() {
    if (trouble != null && nanoTime.getAsLong() - untilNanos >= 0) {
      trouble = null;
    }
    String why;
    if (trouble != null) {
      why = trouble;
    } else if (!up) {
      why = "starting";
    } else {
      why = others == 0 ? "no other instance is there" : "";
    }
    boolean joined = why.isEmpty();
    if (joined != shown.joined) {
      shown = new Now(joined, why, nowMillis.getAsLong());
      if (joined) {
        log.info("cluster: joined, {} other instances", others);
      } else {
        log.info("cluster: on our own: {}", why);
      }
    } else if (!why.equals(shown.why)) {
      log.debug("cluster: {}", why);
      shown = new Now(joined, why, shown.sinceMillis);
    }
    return shown;
  }
}
