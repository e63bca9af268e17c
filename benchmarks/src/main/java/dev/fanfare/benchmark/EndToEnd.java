package dev.fanfare.benchmark;

import java.util.List;

/**
 * Measures the platform as its users meet it, beside yardsticks in the same run, and prints one
 * report. See {@link Settings} for the arguments.
 */
public final class EndToEnd {
  private static final List<Section> SECTIONS =
      List.of(
          new WarmCalls(),
          new Bursts(),
          new ClusterBursts(),
          new Channels(),
          new Fairness(),
          new ManyFunctions(),
          new Backlog(),
          new DurableSubmissions(),
          new Starts(),
          new ContainerStarts());

  private EndToEnd() {}

  /** Runs all sections, or those that {@code --only} names. */
  public static void main(String[] args) throws Exception {
    Settings settings = Settings.of(args);
    System.out.println(Machine.describe());
    for (Section section : SECTIONS) {
      if (settings.wants(section)) {
        System.out.println();
        section.run(settings);
      }
    }
  }
}
