package dev.fanfare.benchmark;

import static dev.fanfare.benchmark.Medians.median;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Warm synchronous calls of a function that sends its argument back, beside a bare echo. */
final class WarmCalls implements Section {
  private static final int[] CONNECTIONS = {1, 32, 128};
  static final int WARM_UP_SECONDS = 10;

  @Override
  public String name() {
    return "calls";
  }

  @Override
  public void run(Settings settings) throws IOException, InterruptedException {
    System.out.println("| warm synchronous echo | bare Vert.x | Fanfare | ratio | p50 | p99 |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    try (var bare = StartedProcess.java(BareEcho.class, "listening on (\\d+)");
        var platform = RunningPlatform.up()) {
      platform.deploy(settings.examples());
      URI echo = URI.create("http://127.0.0.1:" + bare.ready().group(1) + "/");
      URI function = platform.url().resolve("/function/echo");
      Wrk.run(echo, "none", 32, WARM_UP_SECONDS);
      Wrk.run(function, platform.key(), 32, WARM_UP_SECONDS);
      for (int connections : CONNECTIONS) {
        compare(settings, echo, function, platform.key(), connections);
      }
      System.out.println();
      System.out.println("| one at a time, a slow call counted once | p50 | p99 | p99.9 |");
      System.out.println("|---|---:|---:|---:|");
      row("bare Vert.x", PlainCaller.call(echo, "none", 2 * settings.seconds()));
      row("Fanfare", PlainCaller.call(function, platform.key(), 2 * settings.seconds()));
      System.out.printf(
          "%nresident memory, all processes, after the load: %d MiB%n",
          Machine.resident(platform.process().process().toHandle()) >> 20);
    }
  }

  private static void compare(
      Settings settings, URI echo, URI function, String key, int connections) throws IOException {
    List<Wrk> bare = new ArrayList<>();
    List<Wrk> ours = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      bare.add(Wrk.run(echo, "none", connections, settings.seconds()));
      ours.add(Wrk.run(function, key, connections, settings.seconds()));
    }
    double bareRate = median(bare, Wrk::requestsPerSecond);
    double rate = median(ours, Wrk::requestsPerSecond);
    long failures = ours.stream().mapToLong(Wrk::failures).sum();
    System.out.printf(
        "| %d connections%s | %,.0f/s | %,.0f/s | %.0f %% | %.2f ms | %.2f ms |%n",
        connections,
        failures == 0 ? "" : " (" + failures + " failed)",
        bareRate,
        rate,
        100 * rate / bareRate,
        median(ours, Wrk::p50Micros) / 1000,
        median(ours, Wrk::p99Micros) / 1000);
  }

  private static void row(String what, double[] sorted) {
    System.out.printf(
        "| %s | %.3f ms | %.3f ms | %.3f ms |%n",
        what,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.99)],
        sorted[(int) (sorted.length * 0.999)]);
  }
}
