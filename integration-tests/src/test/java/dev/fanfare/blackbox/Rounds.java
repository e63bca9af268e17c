package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.Bounds;
import dev.fanfare.history.Checker;
import dev.fanfare.history.Evidence;
import dev.fanfare.history.History;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Rounds of mixed load, in each of which something is killed at random and started again; then
 * quiet, and the checker's verdict. The same seed draws the same faults and the same work, though
 * not at the same moments.
 */
final class Rounds {
  /** A fault strikes only when at least so much is under way. */
  private static final int LEAST_STRUCK = 5;

  private static final int CLIENTS = 6;
  private static final Duration QUIET = Duration.ofSeconds(60);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Fleet fleet;
  private final Path file;
  private final long seed;
  private final Random random;
  private final Map<String, Integer> struck = new TreeMap<>();

  Rounds(Fleet fleet, Path file, long seed) {
    this.fleet = fleet;
    this.file = file;
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** What is killed in a round. */
  private enum Victim {
    NODE,
    WORKER,
    RUNTIME,
    ALL
  }

  /** Runs so many rounds; the evidence afterwards. */
  Evidence run(int rounds) {
    try (var history = new History(file);
        var load = MixedLoad.start(fleet, history, CLIENTS, random.nextLong());
        var word = fleet.word()) {
      for (int i = 0; i < rounds; i++) {
        strike(history);
      }
      goesOn(history);
      load.stop();
      return word.evidence(history, fleet.function(), QUIET);
    }
  }

  /** The same, and insists that nothing is wrong with it. */
  void check(int rounds) {
    Evidence evidence = run(rounds);
    System.out.printf(
        "%d rounds from seed %d: %d events, %d executions, struck %s%n",
        rounds, seed, evidence.events().size(), evidence.executions().size(), struck);
    try {
      Checker.check(evidence, Bounds.DEFAULT);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ", history in " + file + ": " + e.getMessage(), e);
    }
  }

  private void strike(History history) {
    goesOn(history);
    Awaitility.await("something to strike")
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> history.underWay() >= LEAST_STRUCK);
    Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
    int hit =
        switch (victim) {
          case NODE -> killNode(history);
          case WORKER -> killWorker(history);
          case RUNTIME -> killRuntime(history);
          case ALL -> killAll(history);
        };
    assertThat(hit).as("struck by killing %s", victim).isPositive();
    struck.merge(victim + " under way", hit, Integer::sum);
    struck.merge(victim.name(), 1, Integer::sum);
  }

  /** Some operations more come to an end. */
  private void goesOn(History history) {
    long enough = history.ended() + 10 + random.nextInt(60);
    Awaitility.await("the load goes on")
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> history.ended() >= enough);
  }

  private int killNode(History history) {
    int number = random.nextInt(fleet.nodes());
    int hit = history.fault(History.NODE_DEATH, "node " + number);
    fleet.killNode(number);
    fleet.restartNodes(List.of(number));
    return hit;
  }

  private int killWorker(History history) {
    int number = random.nextInt(fleet.workers());
    int hit = history.fault("worker", "worker " + number);
    fleet.killWorker(number);
    fleet.restartWorker(number);
    return hit;
  }

  private int killRuntime(History history) {
    List<ProcessHandle> runtimes = fleet.runtimes();
    int hit = history.fault("runtime", runtimes.toString());
    if (!runtimes.isEmpty()) {
      runtimes.get(random.nextInt(runtimes.size())).destroyForcibly();
    }
    return hit;
  }

  private int killAll(History history) {
    int hit = history.fault(History.NODE_DEATH, "all");
    fleet.killAll();
    fleet.restartNodes(IntStream.range(0, fleet.nodes()).boxed().toList());
    IntStream.range(0, fleet.workers()).forEach(fleet::restartWorker);
    return hit;
  }
}
