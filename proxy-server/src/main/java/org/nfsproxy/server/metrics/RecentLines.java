package org.nfsproxy.server.metrics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/** The last lines that the log was told of one subject, for the live page. For any thread. */
// Only what the log is told comes here, and that is bounded by time already; so a lock and a walk
// over some dozens cost nobody anything. No client can push out what others did: each has room for
// a few, and of more its oldest goes.
public final class RecentLines {
  /** A screen of them. */
  private static final int LINES_MAX = 64;

  private static final int LINES_OF_ONE_MAX = 8;

  /** A path in a line may be as long as its client likes. */
  private static final int CHARACTERS_MAX = 600;

  /**
   * A line.
   *
   * @param millis when, of the epoch
   * @param text what was said; cut if it is very long
   */
  public record Line(long millis, String client, String text) {}

  private final LongSupplier clock;
  private final ArrayDeque<Line> lines = new ArrayDeque<>();

  /**
   * Nothing yet.
   *
   * @param clock milliseconds since 1970
   */
  public RecentLines(LongSupplier clock) {
    this.clock = clock;
  }

  /** Keeps a line. */
  public synchronized void add(String client, String text) {
    if (lines.stream().filter(line -> line.client.equals(client)).count() >= LINES_OF_ONE_MAX) {
      lines.removeFirstOccurrence(
          lines.stream().filter(line -> line.client.equals(client)).findFirst().orElseThrow());
    }
    if (lines.size() >= LINES_MAX) {
      lines.removeFirst();
    }
    lines.add(new Line(clock.getAsLong(), client, cut(text)));
  }

  private static String cut(String text) {
    return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "\u2026";
  }

  /**
   * What is kept.
   *
   * @return the newest first
   */
  public synchronized List<Line> newestFirst() {
    List<Line> all = new ArrayList<>(lines);
    Collections.reverse(all);
    return all;
  }
}
