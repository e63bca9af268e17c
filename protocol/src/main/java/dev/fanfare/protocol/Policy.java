package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Optional;

/**
 * How a function is to be run: the limits its author chose, absent where the default holds.
 *
 * @param timeout bound of one attempt
 * @param retries tries after a user fault or a timed-out attempt
 * @param expiresAfter bound of the wait in the queue
 * @param concurrency how many invocations one runtime runs at once
 * @param memoryBytes heap of a runtime
 * @param scale how many runtimes there are
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Policy(
    Duration timeout,
    Optional<Integer> retries,
    Optional<Duration> expiresAfter,
    int concurrency,
    long memoryBytes,
    Requirements requirements,
    Scale scale) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
  public static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);
  public static final long DEFAULT_MEMORY_BYTES = 256L << 20;
  public static final long LEAST_MEMORY_BYTES = 32L << 20;
  public static final int MOST_RETRIES = 100;
  public static final int MOST_CONCURRENCY = 10_000;
  public static final int ASYNC_RETRIES = 2;

  /** What holds for a function that says nothing. */
  public static final Policy DEFAULT =
      new Policy(
          DEFAULT_TIMEOUT,
          Optional.empty(),
          Optional.empty(),
          1,
          DEFAULT_MEMORY_BYTES,
          Requirements.NONE);

  public Policy {
    require(
        timeout.isPositive() && timeout.compareTo(LONGEST_TIMEOUT) <= 0, "timeout is 1ms to 24h");
    require(
        retries.isEmpty() || retries.get() >= 0 && retries.get() <= MOST_RETRIES,
        "retries is 0 to 100");
    require(
        expiresAfter.isEmpty() || expiresAfter.get().isPositive(), "expiresAfter is more than 0");
    require(concurrency >= 1 && concurrency <= MOST_CONCURRENCY, "concurrency is 1 to 10000");
    require(memoryBytes >= LEAST_MEMORY_BYTES, "memory is at least 32m");
  }

  /** One that scales as the default does. */
  public Policy(
      Duration timeout,
      Optional<Integer> retries,
      Optional<Duration> expiresAfter,
      int concurrency,
      long memoryBytes,
      Requirements requirements) {
    this(timeout, retries, expiresAfter, concurrency, memoryBytes, requirements, Scale.DEFAULT);
  }

  /** Tries after the first, for a call of the given kind. */
  public int retriesFor(boolean async) {
    return retries.orElse(async ? ASYNC_RETRIES : 0);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
