package dev.fanfare.client;

import java.util.List;

/**
 * Some items of a burst failed where values of all were wanted. The other items' work is not lost:
 * {@link Burst#all} tells of each.
 */
public final class BurstFailed extends FanfareException {
  private static final long serialVersionUID = 1L;

  /** The most failures that are kept. */
  public static final int MOST_KEPT = 100;

  private final transient List<Ended.Failed<?>> failures;
  private final long count;

  BurstFailed(String burst, long count, long items, List<Ended.Failed<?>> failures) {
    super(
        count
            + " of "
            + items
            + " items of burst "
            + burst
            + " failed; item "
            + failures.get(0).index()
            + ": "
            + failures.get(0).failure().getMessage(),
        failures.get(0).failure());
    this.count = count;
    this.failures = List.copyOf(failures.subList(0, Math.min(MOST_KEPT, failures.size())));
  }

  /** The first failures, at most {@value #MOST_KEPT}. */
  public List<Ended.Failed<?>> failures() {
    return failures;
  }

  /** How many items failed. */
  public long count() {
    return count;
  }
}
