package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.int32;

import java.util.List;
import org.nfsproxy.configuration.Key;

/** The keys of {@code admin.page}. */
final class LivePageKeys {
  static final Key<Integer> LISTENERS_MAX =
      int32(
          "admin.page.listenersMax",
          8,
          0,
          16,
          "How many may watch at once: browsers that have the page at `/` open, and `top`. 0 is none."
              + " Needs `metrics.enabled`.",
          "An administrator or two and a screen on the wall; a quarter of the connections that the"
              + " pages take, so that checks of health always find one.");

  static final Key<Integer> EVENT_MILLIS =
      int32(
          "admin.page.eventMillis",
          2_000,
          500,
          5_000,
          "Between two looks at the counters, for all who watch together. Nobody looks while nobody"
              + " watches.",
          "Often enough to see what one has just done; a look takes milliseconds of one worker, and"
              + " some ten with thousands of clients.");

  static final Key<Integer> ROWS_MAX =
      int32(
          "admin.page.rowsMax",
          100,
          1,
          1_000,
          "How many clients, exports, and pairs of both with an operation are shown: the busiest. The"
              + " page says how many there are; `/metrics` has them all.",
          "More than anybody reads; some ten kilobytes for each who watches.");

  static final List<Key<?>> ALL = List.of(LISTENERS_MAX, EVENT_MILLIS, ROWS_MAX);

  private LivePageKeys() {}
}
