package dev.fanfare.history;

/**
 * How often work may run.
 *
 * @param retries how often a failure of its own is tried again
 * @param losses how often an attempt may be lost with what ran it and be tried again
 * @param uncountedPerDeath attempts that one node's death may leave uncounted: an attempt is
 *     written down while it runs, some 40 ms after its start
 */
public record Bounds(int retries, int losses, int uncountedPerDeath) {
  /** Those of {@link RecordingFunction}. */
  public static final Bounds DEFAULT =
      new Bounds(RecordingFunction.RETRIES, 3, RecordingFunction.RETRIES + 1);

  int attempts() {
    return 1 + retries + losses;
  }
}
