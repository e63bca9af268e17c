package dev.fanfare.shard;

/**
 * What was known of an invocation that comes to its shard again from the ledger: after a restart,
 * or since it waited there for room. Times are epoch microseconds.
 *
 * @param submittedAt when it was submitted; 0 for one that comes now
 * @param attempts how many were leased
 * @param losses how many of them were lost with their worker
 * @param fence the next lease has a higher one
 * @param dueAt when its next attempt may begin; 0 for at once
 */
public record Resumption(long submittedAt, int attempts, int losses, long fence, long dueAt) {
  /** Of an invocation that comes for the first time. */
  public static final Resumption NONE = new Resumption(0, 0, 0, 0, 0);

  /**
   * What a restart makes of what was written down of an invocation: the attempt that was under way
   * then is lost, and whatever was leased before, written down or not, had a lower fence than what
   * is leased from now on.
   *
   * @param submittedAt when it was submitted
   * @param attempts how many were written down
   * @param losses how many of them were written down as lost
   * @param fence the latest that was written down
   * @param dueAt when its next attempt may begin; 0 for at once
   * @param running whether an attempt was under way
   * @param epoch how often there was a start, with this one; see {@link #floor}
   */
  public static Resumption restored(
      long submittedAt,
      int attempts,
      int losses,
      long fence,
      long dueAt,
      boolean running,
      long epoch) {
    return new Resumption(
        Math.max(1, submittedAt),
        attempts,
        losses + (running ? 1 : 0),
        Math.max(fence, floor(epoch)),
        dueAt);
  }

  /** No lease before this epoch had a fence above this. */
  public static long floor(long epoch) {
    return epoch << Integer.SIZE;
  }

  public Resumption {
    if (attempts < losses || losses < 0) {
      throw new IllegalArgumentException(losses + " of " + attempts + " attempts cannot be lost");
    }
  }
}
