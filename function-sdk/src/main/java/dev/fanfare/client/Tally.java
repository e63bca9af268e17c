package dev.fanfare.client;

import java.util.List;

/**
 * How many items of a burst ended how.
 *
 * @param failures the first that failed, at most {@value BurstFailed#MOST_KEPT}
 */
public record Tally(long succeeded, long failed, List<Ended.Failed<?>> failures) {
  public Tally {
    failures = List.copyOf(failures);
  }

  /** All items. */
  public long items() {
    return succeeded + failed;
  }
}
