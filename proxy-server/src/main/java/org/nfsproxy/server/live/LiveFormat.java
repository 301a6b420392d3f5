package org.nfsproxy.server.live;

import org.nfsproxy.server.metrics.LatencyHistogram;

/** How numbers and names are written for the live page. */
final class LiveFormat {
  /** A path may be a thousand characters long, and a hundred of them are sent each time. */
  private static final int NAME_CHARACTERS_MAX = 256;

  private static final double NANOS_OF_MILLI = 1e6;

  private LiveFormat() {}

  static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  static double millis(long nanos) {
    return rounded(nanos / NANOS_OF_MILLI);
  }

  static double meanMillis(LatencyHistogram.Sum times) {
    return rounded(1000 * times.seconds() / times.count());
  }

  /** A name, with an ellipsis for the middle of a very long one. */
  static String name(String name) {
    int half = NAME_CHARACTERS_MAX / 2;
    return name.length() <= NAME_CHARACTERS_MAX
        ? name
        : name.substring(0, half) + "…" + name.substring(name.length() - half);
  }
}
