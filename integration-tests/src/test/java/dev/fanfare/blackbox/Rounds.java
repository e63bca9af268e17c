package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.Bounds;
import dev.fanfare.history.Checker;
import dev.fanfare.history.Evidence;
import dev.fanfare.history.History;
import dev.fanfare.history.PlatformWord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Rounds of mixed load, in each of which something is killed at random and started again; then
 * quiet, and the checker's verdict. The same seed draws the same faults and the same work, though
 * not at the same moments.
 */
final class Rounds implements AutoCloseable {
  /** A fault strikes only when clients wait for at least so much. */
  private static final int LEAST_STRUCK = 4;

  private static final int CLIENTS = 12;
  private static final Duration LONGEST_QUIET = Duration.ofSeconds(60);
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Fleet fleet;
  private final Duration quiet;
  private final Path file;
  private final History history;
  private final PlatformWord word;
  private final long seed;
  private final Random random;
  private final List<Victim> victims;
  private final Map<String, Integer> struck = new TreeMap<>();

  Rounds(Fleet fleet, Path file, long seed) {
    this(fleet, file, seed, List.of(Victim.values()), LONGEST_QUIET);
  }

  /** In each of which processes are killed. */
  static Rounds ofKills(Fleet fleet, Path file, long seed) {
    var processes = List.of(Victim.NODE, Victim.WORKER, Victim.RUNTIME, Victim.ALL);
    return new Rounds(fleet, file, seed, processes, LONGEST_QUIET);
  }

  Rounds(Fleet fleet, Path file, long seed, List<Victim> victims, Duration quiet) {
    this.fleet = fleet;
    this.victims = victims;
    this.quiet = quiet;
    this.file = file;
    this.seed = seed;
    this.history = new History(file);
    this.word = fleet.word();
    this.random = new Random(seed);
  }

  /** What is struck in a round. */
  enum Victim {
    NODE,
    WORKER,
    RUNTIME,
    ALL,
    /** A worker's connection, which is reset. */
    LINK
  }

  /** Runs so many rounds; the evidence of all so far. */
  Evidence run(int rounds) {
    try (var load = MixedLoad.start(fleet, history, CLIENTS, random.nextLong())) {
      for (int i = 0; i < rounds; i++) {
        strike();
      }
      goesOn();
      load.stop();
      return word.evidence(history, fleet.function(), quiet);
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
      throw new AssertionError(
          "seed %d, history in %s: %s\n%s".formatted(seed, file, e.getMessage(), fleet.warnings()),
          e);
    }
  }

  @Override
  public void close() {
    history.close();
    word.close();
  }

  private void strike() {
    goesOn();
    await("something to strike", () -> history.waitedFor() >= LEAST_STRUCK);
    Victim victim = victims.get(random.nextInt(victims.size()));
    int hit =
        switch (victim) {
          case NODE -> killNode();
          case WORKER -> killWorker();
          case RUNTIME -> killRuntime();
          case ALL -> killAll();
          case LINK -> resetLink();
        };
    assertThat(hit).as("struck by killing %s", victim).isPositive();
    struck.merge(victim + " under way", hit, Integer::sum);
    struck.merge(victim.name(), 1, Integer::sum);
  }

  /** Some operations more come to an end. */
  private void goesOn() {
    long enough = history.ended() + 10 + random.nextInt(60);
    await("the load goes on", () -> history.ended() >= enough);
  }

  private void await(String what, Callable<Boolean> condition) {
    try {
      Awaitility.await(what).atMost(LONGEST).pollInterval(Duration.ofMillis(5)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "seed " + seed + ": " + e.getMessage() + "\n" + fleet.threadDumps(), e);
    }
  }

  private int killNode() {
    int number = random.nextInt(fleet.nodes());
    int hit = history.fault(History.NODE_DEATH, "node " + number);
    fleet.killNode(number);
    fleet.restartNodes(List.of(number));
    return hit;
  }

  private int killWorker() {
    int number = random.nextInt(fleet.workers());
    int hit = history.fault("worker", "worker " + number);
    fleet.killWorker(number);
    fleet.restartWorker(number);
    return hit;
  }

  private int killRuntime() {
    List<ProcessHandle> runtimes = fleet.runtimes();
    int hit = history.fault("runtime", runtimes.toString());
    if (!runtimes.isEmpty()) {
      runtimes.get(random.nextInt(runtimes.size())).destroyForcibly();
    }
    return hit;
  }

  private int resetLink() {
    int number = random.nextInt(fleet.workers());
    int hit = history.fault("link", "the way of worker " + number);
    fleet.tunnels(number).forEach(Tunnel::reset);
    return hit;
  }

  private int killAll() {
    int hit = history.fault(History.NODE_DEATH, "all");
    fleet.killAll();
    fleet.restartNodes(IntStream.range(0, fleet.nodes()).boxed().toList());
    IntStream.range(0, fleet.workers()).forEach(fleet::restartWorker);
    return hit;
  }
}
