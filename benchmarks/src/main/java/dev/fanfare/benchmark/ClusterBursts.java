package dev.fanfare.benchmark;

import static dev.fanfare.benchmark.Medians.median;

import dev.fanfare.client.Fanfare;
import java.io.IOException;

/** A burst on three members with one backup and two workers of one slot. */
final class ClusterBursts implements Section {
  private static final int NODES = 3;
  private static final int WORKERS = 2;
  private static final int ITEMS = 100_000;

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public void run(Settings settings) throws IOException, InterruptedException {
    System.out.println("| three members, one backup, two workers | median |");
    System.out.println("|---|---:|");
    try (var cluster = RunningCluster.of(NODES, WORKERS);
        Fanfare fanfare = cluster.client()) {
      Bursts.noOps(fanfare, 2 * ITEMS);
      var rates = new double[settings.rounds()];
      for (int round = 0; round < rates.length; round++) {
        rates[round] = ITEMS / Bursts.noOps(fanfare, ITEMS);
      }
      System.out.printf("| `map` of %,d no-op items | %,.0f/s |%n", ITEMS, median(rates));
    }
  }
}
