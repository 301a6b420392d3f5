package org.nfsproxy.server.top;

import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to see.
 *
 * @param table which table
 * @param sort by which of its columns
 * @param isReversed whether the other way round
 * @param filter part of a word of a row; empty for all rows
 */
record TopView(TopTable table, int sort, boolean isReversed, String filter) {
  static TopView of(TopTable table) {
    return new TopView(table, table.firstRate(), false, "");
  }

  TopView showing(TopTable other) {
    return new TopView(other, other.firstRate(), false, filter);
  }

  /** Sorted by the next column, or by the one before. */
  TopView sortedBeside(int step) {
    return new TopView(table, Math.floorMod(sort + step, table.columns().size()), false, filter);
  }

  TopView reversed() {
    return new TopView(table, sort, !isReversed, filter);
  }

  TopView filtered(String other) {
    return new TopView(table, sort, isReversed, other);
  }

  /** The rows to be seen, in order: numbers from the largest on, words from A on. */
  List<JsonObject> rows(JsonObject event) {
    TopColumn by = table.columns().get(sort);
    Comparator<JsonObject> order =
        by.isWord()
            ? Comparator.comparing(row -> TopFormat.word(row.getValue(by.field())))
            : Comparator.comparingDouble((JsonObject row) -> amount(row.getValue(by.field())))
                .reversed();
    Comparator<JsonObject> tie = Comparator.comparing(this::words);
    return table.rows(event).stream()
        .filter(this::matches)
        .sorted((isReversed ? order.reversed() : order).thenComparing(tie))
        .toList();
  }

  private static double amount(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : -1;
  }

  private boolean matches(JsonObject row) {
    return words(row).toLowerCase(Locale.ROOT).contains(filter.toLowerCase(Locale.ROOT));
  }

  private String words(JsonObject row) {
    StringBuilder words = new StringBuilder();
    for (TopColumn column : table.columns()) {
      if (column.isWord()) {
        words.append(TopFormat.word(row.getValue(column.field()))).append(' ');
      }
    }
    return words.toString();
  }
}
