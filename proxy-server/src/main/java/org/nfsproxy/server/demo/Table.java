package org.nfsproxy.server.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints cells in aligned columns. */
final class Table {
  private static final String GAP = "  ";

  private Table() {}

  static void print(PrintStream out, List<String> titles, List<List<String>> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(titles);
    lines.addAll(rows);
    int[] widths = new int[titles.size()];
    for (List<String> line : lines) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = line.get(column);
        text.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
      }
      out.println(text.toString().stripTrailing());
    }
  }
}
