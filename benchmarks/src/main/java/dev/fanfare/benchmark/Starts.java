package dev.fanfare.benchmark;

import static dev.fanfare.benchmark.Medians.median;

import java.io.IOException;
import java.nio.file.Path;

/** How long it takes until something answers for the first time, and what it takes in memory. */
final class Starts implements Section {
  /** In this time the pool of blank runtimes fills. */
  private static final long FILL_MILLIS = 2_500;

  @Override
  public String name() {
    return "starts";
  }

  @Override
  public void run(Settings settings) throws IOException, InterruptedException {
    System.out.println("| start | median |");
    System.out.println("|---|---:|");
    int rounds = settings.rounds();
    var ready = new double[rounds];
    var deployed = new double[rounds];
    var blank = new double[rounds];
    var none = new double[rounds];
    var memory = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      Path home;
      try (var platform = RunningPlatform.up()) {
        ready[round] = platform.process().startUp().toMillis();
        home = platform.home();
        platform.deploy(settings.examples());
        Thread.sleep(FILL_MILLIS);
        deployed[round] = firstCall(platform);
        Thread.sleep(FILL_MILLIS);
        memory[round] = Machine.resident(platform.process().process().toHandle()) >> 20;
      }
      try (var platform = RunningPlatform.again(home)) {
        Thread.sleep(FILL_MILLIS);
        blank[round] = firstCall(platform);
      }
      try (var platform = RunningPlatform.up("--blank-runtimes", "0")) {
        platform.deploy(settings.examples());
        Thread.sleep(FILL_MILLIS);
        none[round] = firstCall(platform);
      }
    }
    row("`fanfare up` to its ready line", ready, "ms");
    row("first call of a function just deployed", deployed, "ms");
    row("first call after a restart, a blank runtime ready", blank, "ms");
    row("first call of a function, none ready", none, "ms");
    row("resident memory of all processes, one warm runtime among them", memory, "MiB");
  }

  private static void row(String what, double[] figures, String unit) {
    System.out.printf("| %s | %.0f %s |%n", what, median(figures), unit);
  }

  private static double firstCall(RunningPlatform platform)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    platform.call("echo", "\"first\"");
    return (System.nanoTime() - began) / 1e6;
  }
}
