package dev.fanfare.benchmark;

import dev.fanfare.client.Burst;
import dev.fanfare.client.Fanfare;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Calls of one function, one at a time, while nothing else runs and during a large burst. */
final class Fairness implements Section {
  private static final int ITEMS = 1_000_000;
  private static final int CALLS = 500;
  private static final int CALLS_BESIDE_INVOCATIONS = 200;

  @Override
  public String name() {
    return "fairness";
  }

  @Override
  public void run(Settings settings) throws IOException, InterruptedException {
    System.out.println("| a call of another function | p50 | p99 |");
    System.out.println("|---|---:|---:|");
    try (var platform = RunningPlatform.up();
        Fanfare fanfare = platform.client()) {
      platform.deploy(settings.examples());
      calls(platform, 20 * CALLS);
      row("while nothing else runs", calls(platform, CALLS));
      try (Burst<Integer> lambda =
          fanfare.map(IntStream.range(0, ITEMS).boxed().toList(), (Integer i) -> i)) {
        row("during a burst of 1,000,000 no-op lambda items", during(platform, lambda, CALLS));
      }
      List<Integer> items = IntStream.range(0, ITEMS).boxed().toList();
      try (Burst<Integer> echoes = fanfare.function("echo-json", Integer.class).map(items)) {
        row(
            "during a burst of 1,000,000 invocations of a deployed function",
            during(platform, echoes, CALLS_BESIDE_INVOCATIONS));
      }
    }
  }

  /** The calls' times; the burst is read meanwhile. */
  private static double[] during(RunningPlatform platform, Burst<Integer> burst, int calls)
      throws IOException, InterruptedException {
    Thread reader = Thread.ofVirtual().unstarted(() -> read(burst));
    reader.start();
    calls(platform, calls / 5);
    double[] times = calls(platform, calls);
    if (burst.progress().ended()) {
      throw new IllegalStateException("the burst was over before the calls were");
    }
    burst.cancel();
    reader.join();
    return times;
  }

  private static void read(Burst<Integer> burst) {
    try (var results = burst.asCompleted()) {
      results.forEach(ended -> {});
    } catch (RuntimeException e) {
      // cancelled when enough was seen
    }
  }

  private static double[] calls(RunningPlatform platform, int count)
      throws IOException, InterruptedException {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      long began = System.nanoTime();
      platform.call("echo", "\"hello\"");
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    Arrays.sort(millis);
    return millis;
  }

  private static void row(String what, double[] sorted) {
    System.out.printf(
        "| %s | %.2f ms | %.2f ms |%n",
        what, sorted[sorted.length / 2], sorted[sorted.length * 99 / 100]);
  }
}
