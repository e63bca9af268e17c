package dev.fanfare.output;

import dev.fanfare.terminal.Style;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rows in aligned columns under a heading. A column whose heading begins with {@code >} is aligned
 * right.
 */
public final class Table {
  private static final Pattern ESCAPE = Pattern.compile("\033\\[[0-9;]*m");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\033]]+");
  private static final String GAP = "  ";

  private final List<String> headings = new ArrayList<>();
  private final List<Boolean> right = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these columns. */
  public Table(String... headings) {
    for (String heading : headings) {
      right.add(heading.startsWith(">"));
      this.headings.add(heading.startsWith(">") ? heading.substring(1) : heading);
    }
  }

  /** Adds a row, one cell for each column; line breaks and control characters become blanks. */
  public void row(String... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for " + headings.size() + " columns");
    }
    rows.add(List.of(cells).stream().map(cell -> CONTROL.matcher(cell).replaceAll(" ")).toList());
  }

  /** How many rows there are. */
  public int size() {
    return rows.size();
  }

  /** Writes the table. */
  public void print(PrintStream out, Style style) {
    int[] widths = widths();
    out.println(line(headings.stream().map(style::bold).toList(), widths));
    rows.forEach(row -> out.println(line(row, widths)));
  }

  private int[] widths() {
    int[] widths = new int[headings.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = width(headings.get(column));
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    return widths;
  }

  private String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String blanks = " ".repeat(widths[column] - width(cell));
      boolean last = column == widths.length - 1;
      line.append(column == 0 ? "" : GAP);
      line.append(right.get(column) ? blanks + cell : last ? cell : cell + blanks);
    }
    return line.toString().stripTrailing();
  }

  private static int width(String cell) {
    String shown = ESCAPE.matcher(cell).replaceAll("");
    return shown.codePointCount(0, shown.length());
  }
}
