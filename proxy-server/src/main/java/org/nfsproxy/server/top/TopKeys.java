package org.nfsproxy.server.top;

/** What the keys of somebody who watches have come to. */
// An arrow is three characters: escape, bracket, letter. Escape alone ends what is being typed.
final class TopKeys {
  private static final int ESCAPE = 27;
  private static final int DELETE = 127;
  private static final int BACKSPACE = 8;
  private static final int FILTER_CHARACTERS_MAX = 64;

  private TopView view;
  private String typed = "";
  private boolean isTyping;
  private boolean isPaused;
  private boolean isOver;
  private int firstRow;
  private int escaped;

  TopKeys(TopView view) {
    this.view = view;
  }

  TopView view() {
    return isTyping ? view.filtered(typed) : view;
  }

  boolean isTyping() {
    return isTyping;
  }

  boolean isPaused() {
    return isPaused;
  }

  boolean isOver() {
    return isOver;
  }

  /** How many rows stand above the first that is shown. */
  int firstRow() {
    return firstRow;
  }

  void firstRowIsAtMost(int rows) {
    firstRow = Math.max(0, Math.min(firstRow, rows));
  }

  /** A while has gone by without a key: an escape that came alone was one. */
  void nothing() {
    if (escaped == 1) {
      isTyping = false;
    }
    escaped = 0;
  }

  void pressed(int key) {
    if (key == ESCAPE) {
      escaped = 1;
    } else if (escaped == 1 && (key == '[' || key == 'O')) {
      escaped = 2;
    } else if (escaped == 2) {
      escaped = 0;
      arrow(key);
    } else {
      escaped = 0;
      if (isTyping) {
        type(key);
      } else {
        command(key);
      }
    }
  }

  private void arrow(int key) {
    switch (key) {
      case 'A' -> firstRow = Math.max(0, firstRow - 1);
      case 'B' -> firstRow++;
      case 'C' -> view = view.sortedBeside(1);
      case 'D' -> view = view.sortedBeside(-1);
      default -> {}
    }
  }

  private void type(int key) {
    if (key == '\r' || key == '\n') {
      view = view.filtered(typed);
      isTyping = false;
    } else if (key == DELETE || key == BACKSPACE) {
      typed = typed.isEmpty() ? typed : typed.substring(0, typed.length() - 1);
    } else if (key >= ' ' && typed.length() < FILTER_CHARACTERS_MAX) {
      typed += (char) key;
    }
  }

  private void command(int key) {
    for (TopTable table : TopTable.values()) {
      if (key == table.key()) {
        view = view.showing(table);
        firstRow = 0;
      }
    }
    switch (key) {
      case '>', '.' -> view = view.sortedBeside(1);
      case '<', ',' -> view = view.sortedBeside(-1);
      case 'r' -> view = view.reversed();
      case ' ' -> isPaused = !isPaused;
      case '/', 'f' -> {
        isTyping = true;
        typed = view.filter();
      }
      case 'q', 3, 4 -> isOver = true;
      default -> {}
    }
  }
}
