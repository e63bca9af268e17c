package dev.fanfare.shard;

import java.time.Duration;

/**
 * A shard's bounds.
 *
 * @param waiting most invocations that wait or run
 * @param waitingBytes most payload bytes of them
 * @param losses leases after the first that may be lost with their worker, before {@code
 *     worker-lost}
 * @param firstBackoff upper end of the first pause before a retry; doubles each time, with full
 *     jitter
 * @param longestBackoff bound of the pause
 * @param agingPerPriority how long an invocation waits to count as one priority higher
 */
public record ShardLimits(
    int waiting,
    long waitingBytes,
    int losses,
    Duration firstBackoff,
    Duration longestBackoff,
    Duration agingPerPriority) {

  /** What a node starts with. */
  public static final ShardLimits DEFAULT =
      new ShardLimits(
          1_000_000,
          512L << 20,
          3,
          Duration.ofMillis(200),
          Duration.ofSeconds(60),
          Duration.ofSeconds(1));
}
