package dev.fanfare.execution;

/**
 * The size of a terminal.
 *
 * @param columns 1 to 10,000
 * @param rows 1 to 10,000
 */
public record Screen(int columns, int rows) {
  private static final int MOST = 10_000;

  public Screen {
    if (columns < 1 || columns > MOST || rows < 1 || rows > MOST) {
      throw new IllegalArgumentException("a terminal has 1 to 10000 columns and rows");
    }
  }
}
