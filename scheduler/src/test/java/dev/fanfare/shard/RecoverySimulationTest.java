package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fanfare.shard.RecoverySimulation.Flaw;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node promises holds through crashes, restarts and all else; a failure names its seed. */
@Timeout(120)
class RecoverySimulationTest {
  /** Try one again: {@code -Dsimulation.seed=42}. */
  private static final long FIRST = Long.getLong("simulation.seed", 1);

  private static final int RUNS = 300;

  /** A flaw has to show within so many. */
  private static final int MOST_UNTIL_CAUGHT = 300;

  @Test
  void everyPromiseIsKept() {
    int runs = System.getProperty("simulation.seed") == null ? RUNS : 1;
    for (long seed = FIRST; seed < FIRST + runs; seed++) {
      run(seed, Flaw.NONE);
    }
  }

  @Test
  @Tag("soak")
  @Timeout(1_200)
  void everyPromiseIsKeptWithSeedsNeverTriedBefore() {
    long first = ThreadLocalRandom.current().nextLong();
    long begun = System.nanoTime();
    int runs = Integer.getInteger("simulation.runs", 20_000);
    for (long seed = first; seed != first + runs; seed++) {
      run(seed, Flaw.NONE);
    }
    double minutes = (System.nanoTime() - begun) / 60e9;
    System.out.printf("%d runs from seed %d, %.0f a minute%n", runs, first, runs / minutes);
  }

  @Test
  void theSameSeedIsTheSameStory() {
    assertThat(run(7, Flaw.NONE)).isEqualTo(run(7, Flaw.NONE)).isNotEqualTo(run(8, Flaw.NONE));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aNodeWithAFlawIsCaughtAndItsFailureComesAgainWithItsSeed(Flaw flaw) {
    for (long seed = 1; seed <= MOST_UNTIL_CAUGHT; seed++) {
      long tried = seed;
      Throwable failure = catchThrowable(() -> run(tried, flaw));
      if (failure != null) {
        assertThat(failure).hasMessageContaining("with seed " + tried + ": ");
        assertThat(catchThrowable(() -> run(tried, flaw))).hasMessage(failure.getMessage());
        return;
      }
    }
    throw new AssertionError(flaw + " was not caught in " + MOST_UNTIL_CAUGHT + " runs");
  }

  private static long run(long seed, Flaw flaw) {
    try {
      return new RecoverySimulation(seed, flaw).run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
    }
  }
}
