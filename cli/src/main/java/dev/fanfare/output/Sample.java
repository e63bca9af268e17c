package dev.fanfare.output;

import java.util.Arrays;

/** A growing sample of durations in seconds and its percentiles. Thread-safe. */
public final class Sample {
  private double[] values = new double[256];
  private int count;

  /** Adds one. */
  public synchronized void add(double seconds) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = seconds;
  }

  /** The value that this part (0 to 1) of the sample does not exceed; 0 of an empty one. */
  public synchronized double percentile(double part) {
    if (count == 0) {
      return 0;
    }
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(part * count);
    return sorted[Math.clamp(rank - 1, 0, count - 1)];
  }

  /** A row of a table with p50, p95 and p99 under the name. */
  public void row(Table table, String name) {
    table.row(
        name,
        Figures.seconds(percentile(0.50)),
        Figures.seconds(percentile(0.95)),
        Figures.seconds(percentile(0.99)));
  }
}
