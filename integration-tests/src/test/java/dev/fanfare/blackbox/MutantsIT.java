package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.blackbox.Rounds.Victim;
import dev.fanfare.history.Bounds;
import dev.fanfare.history.Checker;
import dev.fanfare.history.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A checker that passes a platform which breaks its promises would be worth nothing. */
class MutantsIT {
  private static final int MOST_ROUNDS = 20;

  /** Work of a mutant may never end. */
  private static final Duration QUIET = Duration.ofSeconds(8);

  /** So slow is the disk that there is a moment between an answer and the commit. */
  private static final String SLOW_DISK = " -Dfanfare.failpoint=ledger.before-commit:30ms";

  @TempDir Path home;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aNodeThatDoesNotCheckFencesIsCaughtWhenLinksAreReset() {
    caught("no-fence-check", List.of(Victim.LINK), "H4", 4);
  }

  @ParameterizedTest
  @CsvSource({
    "destructive-poll, WORKER, H1",
    "no-fence-check, LINK, H4",
    "acknowledge-before-commit, NODE, H1"
  })
  @Tag("soak")
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void aMutantIsCaughtWithinTwentyRounds(String mutant, Victim victim, String promise) {
    caught(mutant, List.of(victim), promise, 4);
  }

  private void caught(String mutant, List<Victim> victims, String promise, int roundsAtATime) {
    long seed = Long.getLong("soak.seed", ThreadLocalRandom.current().nextLong());
    String options = Fleet.SHORT_LIVED + " -Dfanfare.mutant=" + mutant + SLOW_DISK;
    try (var fleet = Fleet.start(home, 1, 2, options);
        var all = new Rounds(fleet, home.resolve("history"), seed, victims, QUIET)) {
      List<Violation> violations = List.of();
      int rounds = 0;
      for (; rounds < MOST_ROUNDS && violations.isEmpty(); rounds += roundsAtATime) {
        violations = Checker.violations(all.run(roundsAtATime), Bounds.DEFAULT);
      }
      System.out.printf("%s, %d rounds, %d violations%n", mutant, rounds, violations.size());
      assertThat(violations).as("of %s with seed %d", mutant, seed).isNotEmpty();
      assertThat(violations).extracting(Violation::promise).contains(promise);
    }
  }
}
