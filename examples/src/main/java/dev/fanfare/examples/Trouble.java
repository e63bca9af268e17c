package dev.fanfare.examples;

import dev.fanfare.function.Fn;
import dev.fanfare.function.Invocation;

/** Functions that fail or take their time on purpose, to watch what the platform does about it. */
public class Trouble {

  /** Fails until the given attempt, which succeeds. */
  @Fn(retries = 5)
  public String flaky(int succeedsAt, Invocation invocation) {
    int attempt = invocation.attempt();
    if (attempt < succeedsAt) {
      throw new IllegalStateException(
          "attempt " + attempt + " fails on purpose, attempt " + succeedsAt + " will not");
    }
    return "succeeded at attempt " + attempt;
  }

  /** Always fails. */
  @Fn
  public void fail() {
    try {
      throw new ArithmeticException("the cause of it all");
    } catch (ArithmeticException e) {
      throw new IllegalStateException("this function fails on purpose", e);
    }
  }

  /** Sleeps, and tells for how long; ends at once when it is cancelled. */
  @Fn(timeout = "1h", concurrency = 100)
  public long sleep(long millis) throws InterruptedException {
    long start = System.nanoTime();
    Thread.sleep(millis);
    return (System.nanoTime() - start) / 1_000_000;
  }

  /** Writes lines to standard output, standard error and its logger in turn. */
  @Fn
  public int chatter(int lines, Invocation invocation) {
    for (int i = 1; i <= lines; i++) {
      String line = "line " + i + " of " + lines;
      switch (i % 3) {
        case 1 -> System.out.println(line);
        case 2 -> System.err.println(line);
        default -> invocation.logger().log(System.Logger.Level.INFO, line);
      }
    }
    return lines;
  }
}
