package dev.fanfare.benchmark;

import static dev.fanfare.benchmark.Medians.median;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Warm calls while nothing else waits, and while a million invocations of the same function wait
 * for a worker that never comes; how fast those are accepted, and the memory they take.
 */
final class Backlog implements Section {
  private static final int CONNECTIONS = 32;
  private static final long WAITING = 1_000_000;
  private static final int MOST_FILLS = 30;
  private static final Pattern QUEUED =
      Pattern.compile("^fanfare_accepted\\S* ([\\d.E]+)", Pattern.MULTILINE);

  @Override
  public String name() {
    return "backlog";
  }

  @Override
  public void run(Settings settings) throws IOException, InterruptedException {
    System.out.println("| waiting | warm echo, 32 connections | of the first | p50 |");
    System.out.println("|---:|---:|---:|---:|");
    try (var platform = RunningPlatform.up()) {
      platform.deploy(settings.examples());
      Wrk.run(echo(platform), platform.key(), CONNECTIONS, WarmCalls.WARM_UP_SECONDS);
      double first = row(settings, platform, 0);
      long before = Machine.heap(platform.process().process().pid());
      List<Wrk> fills = fill(settings, platform);
      long waiting = waiting(platform);
      long after = Machine.heap(platform.process().process().pid());
      row(settings, platform, first);
      System.out.printf(
          "%nasynchronous submissions, 32 connections: %,.0f/s, p50 %.2f ms%n"
              + "heap of a waiting invocation: %d bytes%n",
          median(fills, Wrk::requestsPerSecond),
          median(fills, Wrk::p50Micros) / 1000,
          (after - before) / Math.max(1, waiting));
    }
  }

  private static double row(Settings settings, RunningPlatform platform, double first)
      throws IOException, InterruptedException {
    List<Wrk> rounds = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      rounds.add(Wrk.run(echo(platform), platform.key(), CONNECTIONS, settings.seconds()));
    }
    double rate = median(rounds, Wrk::requestsPerSecond);
    System.out.printf(
        "| %,d | %,.0f/s | %.0f %% | %.2f ms |%n",
        waiting(platform),
        rate,
        first == 0 ? 100 : 100 * rate / first,
        median(rounds, Wrk::p50Micros) / 1000);
    return rate;
  }

  private static List<Wrk> fill(Settings settings, RunningPlatform platform)
      throws IOException, InterruptedException {
    URI submit = platform.url().resolve("/async-function/echo");
    var demand = Map.of("X-Constraint", "never=here");
    List<Wrk> fills = new ArrayList<>();
    while (waiting(platform) < WAITING && fills.size() < MOST_FILLS) {
      fills.add(Wrk.run(submit, platform.key(), CONNECTIONS, settings.seconds(), demand));
    }
    return fills;
  }

  private static long waiting(RunningPlatform platform) throws IOException, InterruptedException {
    Matcher queued = QUEUED.matcher(platform.get("/metrics"));
    if (!queued.find()) {
      throw new IllegalStateException("the metrics do not say what waits");
    }
    return (long) Double.parseDouble(queued.group(1));
  }

  private static URI echo(RunningPlatform platform) {
    return platform.url().resolve("/function/echo");
  }
}
