package dev.fanfare.benchmark;

import java.io.IOException;

/** One part of the report: starts what it measures, prints a table, ends what it started. */
interface Section {
  /** What {@code --only} calls it. */
  String name();

  /** Measures and prints. */
  void run(Settings settings) throws IOException, InterruptedException;
}
