package org.nfsproxy.server.top;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What may be looked at, each as a table of an event. */
// The columns stand in the order of their worth: where a terminal is narrow, the last ones go.
enum TopTable {
  CLIENT("clients", 'c', flow(TopColumn.word("CLIENT", "client"))),
  EXPORT("exports", 'e', flow(TopColumn.word("EXPORT", "export"))),
  OPERATION("operations", 'o', ofOperations()),
  PAIR("pairs", 'x', ofPairs());

  private final String field;
  private final char key;
  private final List<TopColumn> columns;

  TopTable(String field, char key, List<TopColumn> columns) {
    this.field = field;
    this.key = key;
    this.columns = columns;
  }

  private static List<TopColumn> flow(TopColumn name) {
    return List.of(
        name,
        rate("CALLS/S", "callsPerSecond"),
        rate("ERRORS/S", "errorsPerSecond"),
        millis("ORIGIN MS", "originMillis"),
        millis("PROXY MS", "proxyMillis"),
        bytes("IN/S", "bytesInPerSecond"),
        bytes("OUT/S", "bytesOutPerSecond"),
        count("CALLS", "calls"),
        count("ERRORS", "errors"),
        bytes("IN", "bytesIn"),
        bytes("OUT", "bytesOut"));
  }

  private static List<TopColumn> ofOperations() {
    return List.of(
        TopColumn.word("OPERATION", "operation"),
        TopColumn.word("VERSION", "version"),
        rate("OPS/S", "operationsPerSecond"),
        rate("ERRORS/S", "errorsPerSecond"),
        millis("ORIGIN MS", "originMillis"),
        millis("P99", "originMillisP99"),
        millis("PROXY MS", "proxyMillis"),
        millis("P99", "proxyMillisP99"),
        count("OPERATIONS", "operations"),
        count("ERRORS", "errors"),
        bytes("IN/S", "bytesInPerSecond"),
        bytes("OUT/S", "bytesOutPerSecond"),
        bytes("IN", "bytesIn"),
        bytes("OUT", "bytesOut"),
        TopColumn.word("PROGRAM", "program"));
  }

  private static List<TopColumn> ofPairs() {
    return List.of(
        TopColumn.word("CLIENT", "client"),
        rate("CALLS/S", "callsPerSecond"),
        TopColumn.word("OPERATION", "operation"),
        TopColumn.word("VERSION", "version"),
        TopColumn.word("EXPORT", "export"),
        count("CALLS", "calls"),
        TopColumn.word("PROGRAM", "program"));
  }

  private static TopColumn rate(String title, String field) {
    return new TopColumn(title, field, TopColumn.Kind.RATE);
  }

  private static TopColumn millis(String title, String field) {
    return new TopColumn(title, field, TopColumn.Kind.MILLIS);
  }

  private static TopColumn bytes(String title, String field) {
    return new TopColumn(title, field, TopColumn.Kind.BYTES);
  }

  private static TopColumn count(String title, String field) {
    return new TopColumn(title, field, TopColumn.Kind.COUNT);
  }

  /** The word for it on a command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The key that shows it. */
  char key() {
    return key;
  }

  List<TopColumn> columns() {
    return columns;
  }

  /** Where the first column is that is sorted by, unless somebody says otherwise. */
  int firstRate() {
    int at = 0;
    while (columns.get(at).kind() != TopColumn.Kind.RATE) {
      at++;
    }
    return at;
  }

  /** A column by its title or its field, whatever its case; -1 if there is none. */
  int column(String word) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).title().equalsIgnoreCase(word)
          || columns.get(i).field().equalsIgnoreCase(word)) {
        return i;
      }
    }
    return -1;
  }

  /** The rows of an event; none where it has something else. */
  List<JsonObject> rows(JsonObject event) {
    Object table = event.getValue(field);
    Object rows = table instanceof JsonObject bounded ? bounded.getValue("rows") : table;
    List<JsonObject> found = new ArrayList<>();
    if (rows instanceof JsonArray all) {
      for (Object each : all) {
        if (each instanceof JsonObject row) {
          found.add(row);
        }
      }
    }
    return found;
  }

  /** How many there are, shown or not. */
  long of(JsonObject event) {
    return event.getValue(field) instanceof JsonObject bounded
            && bounded.getValue("of") instanceof Number all
        ? all.longValue()
        : rows(event).size();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(TopTable::word).toList();
  }
}
