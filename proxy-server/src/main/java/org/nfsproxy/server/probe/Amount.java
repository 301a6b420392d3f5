package org.nfsproxy.server.probe;

import java.util.Locale;

/** Numbers as people read them. */
final class Amount {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB"};

  private Amount() {}

  /** Bytes in the largest unit that leaves a whole number. */
  static String bytes(long bytes) {
    if (bytes < 0) {
      return "?";
    }
    long amount = bytes;
    int unit = 0;
    while (amount > 0 && amount % 1024 == 0 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return amount + " " + UNITS[unit];
  }

  /** Nanoseconds in milliseconds. */
  static String millis(long nanos) {
    return String.format(Locale.ROOT, nanos < 10_000_000 ? "%.2f ms" : "%.0f ms", nanos / 1e6);
  }

  /** A number and what it counts. */
  static String of(long count, String one, String several) {
    return count + " " + (count == 1 ? one : several);
  }
}
