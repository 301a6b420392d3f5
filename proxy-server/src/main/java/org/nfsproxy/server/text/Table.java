package org.nfsproxy.server.text;

import java.util.ArrayList;
import java.util.List;

/** Cells in aligned columns. */
public final class Table {
  private static final String GAP = "  ";

  private Table() {}

  /**
   * Lays cells out.
   *
   * @param titles the first line
   * @param rows the other lines, each with as many cells
   * @return a line for each, columns two spaces apart
   */
  public static List<String> lines(List<String> titles, List<List<String>> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(titles);
    cells.addAll(rows);
    int[] widths = new int[titles.size()];
    for (List<String> line : cells) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> line : cells) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = line.get(column);
        text.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
      }
      lines.add(text.toString().stripTrailing());
    }
    return lines;
  }
}
