package dev.fanfare.dispatch;

/**
 * How much accepted work a gateway holds, and where.
 *
 * @param accepted most asynchronous invocations that have not ended; further ones are refused
 * @param inShards about how many of them wait in shards; further ones wait in the ledger alone
 * @param bytesInShards about how many payload bytes of them are in shards
 * @param ofFunction so many of each function go to shards even when others have used up the room
 */
public record BacklogLimits(long accepted, int inShards, long bytesInShards, int ofFunction) {
  public static final BacklogLimits DEFAULT =
      new BacklogLimits(10_000_000, 50_000, 64L << 20, 1_000);

  /** The usual ones, but for how many may be accepted. */
  public static BacklogLimits accepting(long most) {
    return new BacklogLimits(most, DEFAULT.inShards, DEFAULT.bytesInShards, DEFAULT.ofFunction);
  }

  public BacklogLimits {
    if (accepted < 1 || inShards < 1 || bytesInShards < 1 || ofFunction < 1) {
      throw new IllegalArgumentException("some work must be allowed to wait");
    }
  }
}
