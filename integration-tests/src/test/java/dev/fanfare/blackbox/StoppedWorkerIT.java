package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.Bounds;
import dev.fanfare.history.Checker;
import dev.fanfare.history.Evidence;
import dev.fanfare.history.Execution;
import dev.fanfare.history.History;
import dev.fanfare.history.RecordingFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker stands still for longer than its leases last, and then goes on as if nothing was. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class StoppedWorkerIT {
  private static final int WORKS = 4;

  /**
   * Longer than a silent session's leases last, so that an heir still runs when the first wakes.
   */
  private static final int MILLIS = 9_000;

  @TempDir Path home;

  @Test
  void whatAWokenWorkerSettlesIsRefusedForItsHeirHasTheLease() {
    try (var fleet = Fleet.start(home, 1, 2, Fleet.SOON_LOST);
        var history = new History(home.resolve("history"));
        var client = fleet.client(history, new Random(1));
        var word = fleet.word()) {
      List<String> ids =
          IntStream.range(0, WORKS)
              .mapToObj(i -> client.submit("t" + i, RecordingFunction.body("t" + i, MILLIS, 0), ""))
              .map(id -> id.orElseThrow())
              .toList();
      await("all run", () -> fleet.function().executions().size() == WORKS);
      List<String> held = ids.stream().filter(id -> worker(fleet, id).equals("worker-0")).toList();
      assertThat(held).as("what the stopped worker holds").isNotEmpty();
      history.fault("worker", "worker-0 stopped");
      fleet.worker(0).stop();

      await(
          "the heir runs what the stopped one held",
          () -> fleet.function().executions().size() == WORKS + held.size());
      fleet.worker(0).resume();

      for (String id : ids) {
        client.read(id, Duration.ofSeconds(19));
      }
      Evidence evidence = word.evidence(history, fleet.function(), Duration.ofSeconds(60));
      Checker.check(evidence, Bounds.DEFAULT);
      for (String id : held) {
        long highest =
            evidence.executions().stream()
                .filter(execution -> execution.id().equals(id))
                .max(Comparator.comparingLong(Execution::fence))
                .orElseThrow()
                .fence();
        assertThat(word.state(id).fenceOfOutcome()).isEqualTo(highest);
      }
    }
  }

  private static String worker(Fleet fleet, String id) {
    return Platform.json(fleet.node(0).get("/invocations/" + id)).path("worker").asText();
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(condition);
  }
}
