package dev.fanfare.benchmark;

import static dev.fanfare.benchmark.Medians.median;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Warm calls of one function when it is alone, one of a hundred, one of a thousand. */
final class ManyFunctions implements Section {
  private static final int[] FUNCTIONS = {1, 100, 1_000};
  private static final int CONNECTIONS = 32;

  @Override
  public String name() {
    return "functions";
  }

  @Override
  public void run(Settings settings) throws IOException, InterruptedException {
    System.out.println("| deployed functions | warm echo, 32 connections | of the first | p50 |");
    System.out.println("|---:|---:|---:|---:|");
    double first = 0;
    for (int functions : FUNCTIONS) {
      List<Wrk> rounds = rounds(settings, functions);
      double rate = median(rounds, Wrk::requestsPerSecond);
      first = first == 0 ? rate : first;
      System.out.printf(
          "| %,d | %,.0f/s | %.0f %% | %.2f ms |%n",
          functions, rate, 100 * rate / first, median(rounds, Wrk::p50Micros) / 1000);
    }
  }

  private static List<Wrk> rounds(Settings settings, int functions)
      throws IOException, InterruptedException {
    try (var platform = RunningPlatform.up()) {
      platform.deploy(FunctionsJar.of(functions));
      URI function = platform.url().resolve("/function/echo-0");
      Wrk.run(function, platform.key(), CONNECTIONS, WarmCalls.WARM_UP_SECONDS);
      List<Wrk> rounds = new ArrayList<>();
      for (int round = 0; round < settings.rounds(); round++) {
        rounds.add(Wrk.run(function, platform.key(), CONNECTIONS, settings.seconds()));
      }
      return rounds;
    }
  }
}
