package dev.fanfare.benchmark;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the platform as its users meet it, beside a bare Vert.x echo in the same run, and prints
 * one table. Each figure is the median of {@code --rounds} rounds (5) of {@code --seconds} (5).
 */
public final class EndToEnd {
  private static final int[] CONNECTIONS = {1, 32, 128};
  private final int rounds;
  private final int seconds;
  private final Path examples;

  private EndToEnd(int rounds, int seconds, Path examples) {
    this.rounds = rounds;
    this.seconds = seconds;
    this.examples = examples;
  }

  /** Arguments: {@code --rounds N --seconds N}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path examples;
    try (var jars = Files.list(StartedProcess.checkout().resolve("cli/target/dist/examples"))) {
      examples = jars.findFirst().orElseThrow();
    }
    new EndToEnd(option(args, "--rounds", 5), option(args, "--seconds", 5), examples).run();
  }

  private void run() throws IOException, InterruptedException {
    System.out.println(Machine.describe());
    System.out.println();
    warmCalls();
    starts();
  }

  private void warmCalls() throws IOException, InterruptedException {
    System.out.println("| warm synchronous echo | bare Vert.x | Fanfare | ratio | p50 | p99 |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    try (var bare = StartedProcess.java(BareEcho.class, "listening on (\\d+)");
        var platform = RunningPlatform.up()) {
      platform.deploy(examples);
      URI echo = URI.create("http://127.0.0.1:" + bare.ready().group(1) + "/");
      URI function = platform.url().resolve("/function/echo");
      Wrk.run(echo, "none", 32, seconds);
      Wrk.run(function, platform.key(), 32, 2 * seconds);
      for (int connections : CONNECTIONS) {
        compare(echo, function, platform.key(), connections);
      }
      System.out.printf(
          "%nresident memory, all processes, after the load: %d MiB%n",
          Machine.resident(platform.process().process().toHandle()) >> 20);
    }
  }

  private void compare(URI echo, URI function, String key, int connections) throws IOException {
    List<Wrk> bare = new ArrayList<>();
    List<Wrk> ours = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      bare.add(Wrk.run(echo, "none", connections, seconds));
      ours.add(Wrk.run(function, key, connections, seconds));
    }
    double bareRate = median(bare.stream().mapToDouble(Wrk::requestsPerSecond).toArray());
    double rate = median(ours.stream().mapToDouble(Wrk::requestsPerSecond).toArray());
    long failures = ours.stream().mapToLong(Wrk::failures).sum();
    System.out.printf(
        "| %d connections%s | %,.0f/s | %,.0f/s | %.0f %% | %.2f ms | %.2f ms |%n",
        connections,
        failures == 0 ? "" : " (" + failures + " failed)",
        bareRate,
        rate,
        100 * rate / bareRate,
        median(ours.stream().mapToDouble(Wrk::p50Micros).toArray()) / 1000,
        median(ours.stream().mapToDouble(Wrk::p99Micros).toArray()) / 1000);
  }

  private void starts() throws IOException, InterruptedException {
    System.out.println();
    System.out.println("| start | median |");
    System.out.println("|---|---:|");
    var ready = new double[rounds];
    var firstCall = new double[rounds];
    var memory = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      try (var platform = RunningPlatform.up()) {
        ready[round] = platform.process().startUp().toMillis();
        Files.createDirectories(platform.home());
        platform.deploy(examples);
        Thread.sleep(1_500); // the pool of blank runtimes fills
        long began = System.nanoTime();
        platform.call("echo", "\"first\"");
        firstCall[round] = (System.nanoTime() - began) / 1e6;
        Thread.sleep(1_500); // and fills again
        memory[round] = Machine.resident(platform.process().process().toHandle()) >> 20;
      }
    }
    System.out.printf("| `fanfare up` to its ready line | %.0f ms |%n", median(ready));
    System.out.printf(
        "| first call of a fresh function, blank runtime ready | %.0f ms |%n", median(firstCall));
    System.out.printf("| resident memory with one warm runtime | %.0f MiB |%n", median(memory));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static int option(String[] args, String name, int absent) {
    int at = Arrays.asList(args).indexOf(name);
    return at < 0 ? absent : Integer.parseInt(args[at + 1]);
  }
}
