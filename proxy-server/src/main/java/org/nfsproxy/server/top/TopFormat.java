package org.nfsproxy.server.top;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.text.Printable;

/** How values are written; what has another type than it should have is nothing. */
final class TopFormat {
  static final String NOTHING = "-";
  static final int WORD_CHARACTERS_MAX = 256;
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private TopFormat() {}

  static String text(TopColumn.Kind kind, @Nullable Object value) {
    if (kind == TopColumn.Kind.WORD) {
      return word(value);
    }
    if (!(value instanceof Number number)) {
      return NOTHING;
    }
    double amount = number.doubleValue();
    return switch (kind) {
      case COUNT -> format("%,d", number.longValue());
      case RATE -> amount != 0 && amount < 100 ? format("%.1f", amount) : format("%,.0f", amount);
      case MILLIS -> millis(amount);
      default -> bytes(amount);
    };
  }

  /** Words of a server are made harmless for a terminal. */
  static String word(@Nullable Object value) {
    return value instanceof String text ? Printable.text(text, WORD_CHARACTERS_MAX) : NOTHING;
  }

  private static String millis(double amount) {
    return amount < 1
        ? format("%.3f", amount)
        : amount < 100 ? format("%.2f", amount) : format("%,.0f", amount);
  }

  private static String bytes(double amount) {
    int unit = 0;
    double left = amount;
    while (left >= 1024 && unit < UNITS.length - 1) {
      left /= 1024;
      unit++;
    }
    return format(unit == 0 || left >= 100 ? "%,.0f %s" : "%.1f %s", left, UNITS[unit]);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
