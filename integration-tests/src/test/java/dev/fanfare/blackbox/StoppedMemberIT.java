package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.Bounds;
import dev.fanfare.history.Checker;
import dev.fanfare.history.Evidence;
import dev.fanfare.history.History;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A member of a cluster with one ledger stands still under load, for longer than the others wait
 * for a sign of it, and then goes on as if nothing was: until it has found out, it and the others
 * may run the same work, of which one end stands.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StoppedMemberIT {
  private static final int CLIENTS = 8;
  private static final String GONE = "SELECT count(*) FROM fanfare.holders WHERE gone";
  private static final String LEFT_BEHIND =
      "SELECT count(*) FROM fanfare.accepted w JOIN fanfare.holders h ON h.number = w.holder"
          + " WHERE h.gone";

  @TempDir Path home;

  @Test
  void whatAMemberHadThatStoodStillIsDoneByTheOthersAndEndsOnce() {
    stand(1);
  }

  @Test
  @Tag("soak")
  void whatMembersHadThatStoodStillInTurnEndsOnce() {
    stand(6);
  }

  private void stand(int stops) {
    long seed = Long.getLong("soak.seed", ThreadLocalRandom.current().nextLong());
    System.out.printf("%d stops, work is drawn from seed %d%n", stops, seed);
    try (var database = Database.start("127.0.0.1");
        var fleet =
            Fleet.start(home, 3, 2, Fleet.SOON_LOST, "--ledger", database.url("of-no-use"));
        var history = new History(home.resolve("history"));
        var word = fleet.word();
        var load = MixedLoad.start(fleet, history, CLIENTS, seed)) {
      for (int i = 0; i < stops; i++) {
        goesOn(history);
        int stopped = i % fleet.nodes();
        int struck = history.fault("member", "node " + stopped + " stopped");
        assertThat(struck).as("struck by the stop").isPositive();
        fleet.node(stopped).process().stop();
        othersTakeOver(database);
        fleet.node(stopped).process().resume();
        comesBack(database);
      }
      load.stop();
      Evidence evidence = word.evidence(history, fleet.function(), Duration.ofSeconds(90));
      System.out.printf(
          "%d events, %d executions%n", evidence.events().size(), evidence.executions().size());
      Checker.check(evidence, Bounds.SPLIT);
    }
  }

  private static void othersTakeOver(Database database) {
    await("the others take it for gone", () -> database.number(GONE) == 1);
    await("the others take its work over", () -> database.number(LEFT_BEHIND) == 0);
  }

  private static void comesBack(Database database) {
    await("it has found out and begins again", () -> database.number(GONE) == 0);
  }

  private static void goesOn(History history) {
    long enough = history.ended() + 200;
    await("the load goes on", () -> history.ended() >= enough);
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .until(condition);
  }
}
