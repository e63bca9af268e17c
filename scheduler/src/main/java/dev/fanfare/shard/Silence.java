package dev.fanfare.shard;

import java.time.Duration;

/**
 * How long a process may be silent before the others take it for dead: workers' sessions and their
 * leases, members of the cluster, nodes that share a ledger. Ten seconds; {@code
 * -Dfanfare.silence-millis=4000} shortens it for tests that wait for such a loss.
 */
public final class Silence {
  /** After this long without a sign it is lost. */
  public static final Duration LONGEST =
      Duration.ofMillis(Math.max(1_000, Long.getLong("fanfare.silence-millis", 10_000)));

  /** How often each gives a sign. */
  public static final Duration BETWEEN_SIGNS = LONGEST.dividedBy(5);

  private Silence() {}
}
