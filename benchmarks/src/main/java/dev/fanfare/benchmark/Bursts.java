package dev.fanfare.benchmark;

import static dev.fanfare.benchmark.Medians.median;

import dev.fanfare.client.Fanfare;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Many small calls from one program, beside Hazelcast's distributed executor. */
final class Bursts implements Section {
  private static final int[] ITEMS = {10_000, 100_000};
  private static final int FAN_OUT = 1_000;
  private static final int TASK_MILLIS = 10;
  private static final int SLOTS = 2;

  @Override
  public String name() {
    return "bursts";
  }

  @Override
  public void run(Settings settings) throws IOException, InterruptedException {
    System.out.println("| no-op items | IExecutorService | Fanfare `map` | ratio |");
    System.out.println("|---:|---:|---:|---:|");
    try (var platform = RunningPlatform.up("--slots", Integer.toString(SLOTS));
        Fanfare fanfare = platform.client();
        var executor = ExecutorServiceMap.start()) {
      platform.deploy(settings.examples());
      noOps(fanfare, 200_000);
      executor.run(20_000);
      for (int items : ITEMS) {
        compare(settings, fanfare, executor, items);
      }
      smallFigures(settings, fanfare);
    }
  }

  private static void compare(
      Settings settings, Fanfare fanfare, ExecutorServiceMap executor, int items)
      throws InterruptedException {
    int rounds = settings.rounds();
    var theirs = new double[rounds];
    var ours = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      theirs[round] = items / executor.run(items);
      ours[round] = items / noOps(fanfare, items);
    }
    double ratio = median(ours) / median(theirs);
    System.out.printf(
        "| %,d | %,.0f/s | %,.0f/s | %.1f |%n", items, median(theirs), median(ours), ratio);
  }

  private static void smallFigures(Settings settings, Fanfare fanfare) {
    // One function after the other: a worker keeps no more warm runtimes than its slots and two.
    double fanOut = warm(settings, () -> noOps(fanfare, FAN_OUT));
    double echoes = warm(settings, () -> echoes(fanfare));
    double sleeps = warm(settings, () -> sleeps(fanfare));
    System.out.printf("%n| burst | median |%n|---|---:|%n");
    System.out.printf("| 1,000 no-op items, warm, all results back | %.0f ms |%n", fanOut);
    System.out.printf(
        "| the same of a deployed function, an invocation each | %.0f ms |%n", echoes);
    System.out.printf(
        "| 1,000 items of %d ms on %d slots (ideal: %d ms) | %.0f ms |%n",
        TASK_MILLIS, SLOTS, FAN_OUT * TASK_MILLIS / SLOTS, sleeps);
  }

  /** Milliseconds, the median after one round that does not count. */
  private static double warm(Settings settings, DoubleSupplier seconds) {
    double _ = seconds.getAsDouble();
    var millis = new double[settings.rounds()];
    Arrays.setAll(millis, round -> 1_000 * seconds.getAsDouble());
    return median(millis);
  }

  /** Maps so many items that do nothing; returns the seconds it took. */
  static double noOps(Fanfare fanfare, int items) {
    return timed(
        items,
        () -> fanfare.map(IntStream.range(0, items).boxed().toList(), (Integer i) -> i).values());
  }

  private static double echoes(Fanfare fanfare) {
    List<String> texts = IntStream.range(0, FAN_OUT).mapToObj(i -> "item " + i).toList();
    return timed(FAN_OUT, () -> fanfare.function("echo", String.class).map(texts).values());
  }

  private static double sleeps(Fanfare fanfare) {
    List<Integer> items = IntStream.range(0, FAN_OUT).boxed().toList();
    return timed(
        FAN_OUT,
        () ->
            fanfare
                .map(
                    items,
                    (Integer i) -> {
                      Thread.sleep(TASK_MILLIS);
                      return i;
                    })
                .values());
  }

  /** Seconds. */
  private static double timed(int expected, java.util.function.Supplier<List<?>> burst) {
    long began = System.nanoTime();
    int results = burst.get().size();
    if (results != expected) {
      throw new IllegalStateException(results + " results of " + expected + " items");
    }
    return (System.nanoTime() - began) / 1e9;
  }
}
