package dev.fanfare.examples;

import dev.fanfare.function.Fn;
import dev.fanfare.function.Reject;
import java.util.SplittableRandom;

/** Computations that can be cut into as many pieces as there are workers. */
public class Numbers {
  static final long WIDEST_RANGE = 10_000_000;
  static final long MOST_SAMPLES = 10_000_000_000L;
  private static final int BETWEEN_LOOKS = 0xFFFF;

  /** The number of a range that takes the most steps to come down to 1. */
  public record Longest(long start, int steps) {}

  /** How many of the random points of a square lie in its circle, and what that makes of π. */
  public record Pi(long inside, long samples, double estimate) {}

  /** The longest Collatz chain that starts at a number from {@code from} to {@code to}. */
  @Fn(timeout = "5m")
  public Longest collatz(long from, long to) throws InterruptedException {
    if (from < 1 || to < from || to - from >= WIDEST_RANGE) {
      throw new Reject(
          422,
          "from is at least 1, and to is from it to "
              + (WIDEST_RANGE - 1)
              + " above it, not "
              + from
              + " to "
              + to);
    }
    var longest = new Longest(from, steps(from));
    for (long start = from + 1; start <= to && start > 0; start++) {
      int steps = steps(start);
      if (steps > longest.steps()) {
        longest = new Longest(start, steps);
      }
      stopIfInterrupted(start);
    }
    return longest;
  }

  /** Estimates π from random points; one seed always gives the same points. */
  @Fn(timeout = "5m")
  public Pi monteCarloPi(long samples, long seed) throws InterruptedException {
    if (samples < 1 || samples > MOST_SAMPLES) {
      throw new Reject(422, "samples is 1 to " + MOST_SAMPLES + ", not " + samples);
    }
    var random = new SplittableRandom(seed);
    long inside = 0;
    for (long i = 0; i < samples; i++) {
      double x = random.nextDouble();
      double y = random.nextDouble();
      inside += x * x + y * y <= 1 ? 1 : 0;
      stopIfInterrupted(i);
    }
    return new Pi(inside, samples, 4.0 * inside / samples);
  }

  private static int steps(long start) {
    int steps = 0;
    for (long n = start; n != 1; steps++) {
      if (n % 2 != 0 && n > (Long.MAX_VALUE - 1) / 3) {
        throw new Reject(422, "the chain from " + start + " leaves the numbers of 64 bits");
      }
      n = n % 2 == 0 ? n / 2 : 3 * n + 1;
    }
    return steps;
  }

  private static void stopIfInterrupted(long i) throws InterruptedException {
    if ((i & BETWEEN_LOOKS) == 0 && Thread.interrupted()) {
      throw new InterruptedException("cancelled");
    }
  }
}
