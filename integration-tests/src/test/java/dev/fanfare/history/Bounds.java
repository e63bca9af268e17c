package dev.fanfare.history;

/**
 * How often work may run.
 *
 * @param retries how often a failure of its own is tried again
 * @param losses how often an attempt may be lost with what ran it and be tried again
 * @param uncountedPerDeath attempts that one node's death may leave uncounted: an attempt is
 *     written down while it runs, some 40 ms after its start
 * @param split whether members may for a moment not have known of each other: then both sides may
 *     run the same work under fences that do not tell them apart, and H4 to H6 are not held
 */
public record Bounds(int retries, int losses, int uncountedPerDeath, boolean split) {
  /** Those of {@link RecordingFunction}. */
  public static final Bounds DEFAULT =
      new Bounds(RecordingFunction.RETRIES, 3, RecordingFunction.RETRIES + 1, false);

  /** The same, where a cluster may have been split. */
  public static final Bounds SPLIT =
      new Bounds(DEFAULT.retries, DEFAULT.losses, DEFAULT.uncountedPerDeath, true);

  int attempts() {
    return 1 + retries + losses;
  }
}
