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

  public Resumption {
    if (attempts < losses || losses < 0) {
      throw new IllegalArgumentException(losses + " of " + attempts + " attempts cannot be lost");
    }
  }
}
