package dev.fanfare.blackbox;

import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Under mixed load a process is killed at random, of any role or all at once: the history of what
 * clients saw and functions did keeps every promise.
 */
class KilledAtRandomIT {
  @TempDir Path home;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aFewRoundsOfKillsBreakNoPromise() {
    long seed = Long.getLong("soak.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("kills are drawn from seed " + seed);
    try (var fleet = Fleet.start(home, 1, 2, "")) {
      new Rounds(fleet, home.resolve("history"), seed).check(6);
    }
  }

  /** {@code mvn verify -Psoak -Dsoak.rounds=200 -Dsoak.nodes=3}. */
  @Test
  @Tag("soak")
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void manyRoundsOfKillsBreakNoPromise() {
    long seed = Long.getLong("soak.seed", ThreadLocalRandom.current().nextLong());
    int rounds = Integer.getInteger("soak.rounds", 200);
    int nodes = Integer.getInteger("soak.nodes", 1);
    System.out.printf("%d rounds with %d nodes from seed %d%n", rounds, nodes, seed);
    try (var fleet = Fleet.start(home, nodes, 2, "")) {
      for (int done = 0; done < rounds; done += 10) {
        new Rounds(fleet, home.resolve("history-" + done), seed + done)
            .check(Math.min(10, rounds - done));
      }
    }
  }
}
