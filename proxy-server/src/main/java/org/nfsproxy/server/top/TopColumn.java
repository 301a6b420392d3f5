package org.nfsproxy.server.top;

/**
 * A column of a table.
 *
 * @param title as it is shown
 * @param field of a row of the event
 * @param kind how it is written
 */
record TopColumn(String title, String field, Kind kind) {
  enum Kind {
    WORD,
    COUNT,
    RATE,
    MILLIS,
    BYTES
  }

  boolean isWord() {
    return kind == Kind.WORD;
  }

  static TopColumn word(String title, String field) {
    return new TopColumn(title, field, Kind.WORD);
  }
}
