package org.nfsproxy.server.top;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;
import org.jspecify.annotations.Nullable;

/** An event as lines of text, no wider than a terminal. */
// Columns that have no room go, from the last on; then the words in the first are cut.
final class TopLines {
  private static final String GAP = "  ";
  private static final int WORD_CELLS_MIN = 12;

  private final JsonObject event;
  private final TopView view;
  private final int width;

  private TopLines(JsonObject event, TopView view, int width) {
    this.event = event;
    this.view = view;
    this.width = width;
  }

  /** What stands above the table. */
  static List<String> head(JsonObject event, TopView view, int width) {
    TopLines lines = new TopLines(event, view, width);
    List<String> head = new ArrayList<>();
    lines.fold(lines.instance(), head);
    lines.fold(lines.flow(), head);
    lines.fold(lines.times(), head);
    lines.add(head, lines.refused());
    return head.stream().map(line -> cut(line, width)).toList();
  }

  /** The table: titles, then a line for each row. */
  static List<String> table(JsonObject event, TopView view, int width) {
    return new TopLines(event, view, width).table();
  }

  /** Goes on in another line where there is no room for a part, which are two spaces apart. */
  private void fold(String line, List<String> to) {
    StringBuilder folded = new StringBuilder();
    for (String part : line.split(GAP)) {
      boolean isFirst = folded.length() == 0;
      if (!isFirst && width(folded.toString()) + GAP.length() + width(part) > width) {
        to.add(folded.toString());
        folded.setLength(0);
        isFirst = true;
      }
      folded.append(isFirst ? "" : GAP).append(part);
    }
    to.add(folded.toString());
  }

  private void add(List<String> to, @Nullable String line) {
    if (line != null) {
      to.add(line);
    }
  }

  // ---- the head -------------------------------------------------------------------------------

  private JsonObject part(String name) {
    return event.getValue(name) instanceof JsonObject part ? part : new JsonObject();
  }

  private String instance() {
    JsonObject info = part("info");
    JsonObject reach =
        info.getValue("reachability") instanceof JsonObject told ? told : new JsonObject();
    boolean serves = !Boolean.FALSE.equals(info.getValue("serving"));
    return "nfs-proxy %s %s  %s  origin %s %s"
        .formatted(
            TopFormat.word(info.getValue("instance")),
            TopFormat.word(info.getValue("version")),
            serves ? "takes clients" : "TAKES NO NEW CLIENT",
            TopFormat.word(info.getValue("origin")),
            "silent".equals(reach.getValue("state"))
                ? "IS SILENT since " + TopFormat.word(reach.getValue("since"))
                : reach.isEmpty() ? "" : TopFormat.word(reach.getValue("state")));
  }

  private String of(String field, TopColumn.Kind kind) {
    return TopFormat.text(kind, part("all").getValue(field));
  }

  private String flow() {
    return "calls %s/s  errors %s/s  in %s/s  out %s/s  in flight %s  connections %s"
        .formatted(
            of("callsPerSecond", TopColumn.Kind.RATE),
            of("errorsPerSecond", TopColumn.Kind.RATE),
            of("bytesInPerSecond", TopColumn.Kind.BYTES),
            of("bytesOutPerSecond", TopColumn.Kind.BYTES),
            of("callsInFlight", TopColumn.Kind.COUNT),
            TopFormat.text(TopColumn.Kind.COUNT, part("info").getValue("connections")));
  }

  private String times() {
    String late = of("eventLoopLagMillis", TopColumn.Kind.MILLIS);
    return "stalled".equals(part("all").getValue("longerAt"))
        ? "THE PROXY STOOD STILL: an event loop was " + late + " ms late"
        : "a call: %s ms at the origin (p99 %s)  %s ms in the proxy (p99 %s)  event loops %s ms late"
            .formatted(
                of("originMillis", TopColumn.Kind.MILLIS),
                of("originMillisP99", TopColumn.Kind.MILLIS),
                of("proxyMillis", TopColumn.Kind.MILLIS),
                of("proxyMillisP99", TopColumn.Kind.MILLIS),
                late);
  }

  private @Nullable String refused() {
    return event.getValue("lastRefusals") instanceof JsonArray lines
            && !lines.isEmpty()
            && lines.getValue(0) instanceof JsonObject last
        ? "last refused: " + TopFormat.word(last.getValue("text"))
        : null;
  }

  // ---- the table ------------------------------------------------------------------------------

  private List<String> table() {
    List<JsonObject> rows = view.rows(event);
    List<List<String>> columns = new ArrayList<>();
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < view.table().columns().size(); i++) {
      List<String> cells = cells(view.table().columns().get(i), i == view.sort(), rows);
      columns.add(cells);
      widths.add(cells.stream().mapToInt(TopLines::width).max().orElse(0));
    }
    fit(widths);
    List<String> lines = new ArrayList<>();
    for (int row = 0; row <= rows.size(); row++) {
      lines.add(line(columns, widths, row));
    }
    return lines;
  }

  private List<String> cells(TopColumn column, boolean isSorted, List<JsonObject> rows) {
    List<String> cells = new ArrayList<>();
    cells.add(isSorted ? column.title() + (view.isReversed() ? "^" : "*") : column.title());
    rows.forEach(row -> cells.add(TopFormat.text(column.kind(), row.getValue(column.field()))));
    return cells;
  }

  // Words take no more than a part of a line that is too short; what is left then, the first gets.
  private void fit(List<Integer> widths) {
    if (sum(widths) <= width) {
      return;
    }
    int wanted = widths.get(0);
    for (int i = 0; i < widths.size(); i++) {
      if (view.table().columns().get(i).isWord()) {
        int part = i == 0 ? width / 2 : width / 4;
        widths.set(i, Math.min(widths.get(i), Math.max(WORD_CELLS_MIN, part)));
      }
    }
    while (sum(widths) > width && widths.size() > 1) {
      widths.remove(widths.size() - 1);
    }
    widths.set(0, Math.min(wanted, widths.get(0) + Math.max(0, width - sum(widths))));
  }

  private static int sum(List<Integer> widths) {
    return widths.stream().mapToInt(each -> each + GAP.length()).sum() - GAP.length();
  }

  private String line(List<List<String>> columns, List<Integer> widths, int row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.size(); i++) {
      String cell = cut(columns.get(i).get(row), widths.get(i));
      String pad = " ".repeat(widths.get(i) - width(cell));
      boolean isWord = view.table().columns().get(i).isWord();
      line.append(i == 0 ? "" : GAP).append(isWord ? cell + pad : pad + cell);
    }
    return cut(line.toString().stripTrailing(), width);
  }

  /** Cells of a terminal that a text takes. */
  static int width(String text) {
    return text.codePoints().map(point -> Math.max(0, WCWidth.wcwidth(point))).sum();
  }

  static String cut(String text, int cellsMax) {
    if (width(text) <= cellsMax) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int cells = 0;
    for (int point : text.codePoints().toArray()) {
      cells += Math.max(0, WCWidth.wcwidth(point));
      if (cells > cellsMax - 1) {
        break;
      }
      kept.appendCodePoint(point);
    }
    return cellsMax < 1 ? "" : kept.append('…').toString();
  }
}
