package dev.fanfare.benchmark;

/** One part of the report: starts what it measures, prints a table, ends what it started. */
interface Section {
  /** What {@code --only} calls it. */
  String name();

  /** Measures and prints. */
  void run(Settings settings) throws Exception;
}
