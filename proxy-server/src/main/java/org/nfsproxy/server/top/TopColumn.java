package org.nfsproxy.server.top;

/**
 * A column of a table.
 *
 * @param field of a row of the event
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
