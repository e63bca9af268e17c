package dev.fanfare.blackbox;

import java.nio.file.Path;
import java.time.Duration;
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
  private static final int ROUNDS_PER_CHECK = 10;

  /** A machine that many JVMs start on at one time may stand still for long. */
  private static final String PATIENT = Fleet.SHORT_LIVED + " -Dfanfare.silence-millis=30000";

  /** Those that are nothing else. */
  private static final int SCHEDULERS = Integer.getInteger("soak.schedulers", 0);

  @TempDir Path home;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aFewRoundsOfKillsBreakNoPromise() {
    long seed = Long.getLong("soak.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("kills are drawn from seed " + seed);
    try (var fleet = Fleet.start(home, 1, 2, Fleet.SHORT_LIVED);
        var rounds = new Rounds(fleet, home.resolve("history"), seed)) {
      rounds.check(6);
    }
  }

  /**
   * {@code mvn verify -Psoak -Dsoak.rounds=200 -Dsoak.nodes=3 -Dsoak.ledger=postgresql}, or with
   * {@code -Dsoak.nodes=2 -Dsoak.schedulers=2} nodes of one role.
   */
  @Test
  @Tag("soak")
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void manyRoundsOfKillsBreakNoPromise() {
    long seed = Long.getLong("soak.seed", ThreadLocalRandom.current().nextLong());
    int rounds = Integer.getInteger("soak.rounds", 200);
    int nodes = Integer.getInteger("soak.nodes", 1);
    String ledger = System.getProperty("soak.ledger", "sqlite");
    System.out.printf(
        "%d rounds, %d nodes, %d schedulers, %s, seed %d%n",
        rounds, nodes, SCHEDULERS, ledger, seed);
    if (ledger.equals("postgresql")) {
      try (var database = Database.start("127.0.0.1")) {
        manyRounds(rounds, nodes, seed, "--ledger", database.url("of-no-use"));
      }
    } else {
      manyRounds(rounds, nodes, seed);
    }
  }

  private void manyRounds(int rounds, int nodes, long seed, String... more) {
    try (var fleet =
            SCHEDULERS == 0
                ? Fleet.start(home, nodes, 2, PATIENT, more)
                : Fleet.startApart(home, nodes, SCHEDULERS, 2, PATIENT, more);
        var all = Rounds.ofKills(fleet, home.resolve("history"), seed)) {
      for (int done = 0; done < rounds; done += ROUNDS_PER_CHECK) {
        all.check(Math.min(ROUNDS_PER_CHECK, rounds - done));
      }
    }
  }

  /** {@code mvn verify -Psoak -Dsoak.minutes=60 -Dsoak.seed=7}. */
  @Test
  @Tag("soak")
  @Timeout(value = 24, unit = TimeUnit.HOURS)
  void noPromiseBreaksForAsLongAsIsSaid() {
    long seed = Long.getLong("soak.seed", ThreadLocalRandom.current().nextLong());
    var time = Duration.ofMinutes(Integer.getInteger("soak.minutes", 10));
    System.out.printf("random faults for %s from seed %d%n", time, seed);
    long end = System.nanoTime() + time.toNanos();
    try (var fleet = Fleet.start(home, 3, 3, "");
        var all = new Rounds(fleet, home.resolve("history"), seed)) {
      while (System.nanoTime() < end) {
        all.check(ROUNDS_PER_CHECK);
      }
    }
  }
}
