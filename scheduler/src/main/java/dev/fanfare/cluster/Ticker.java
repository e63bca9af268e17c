package dev.fanfare.cluster;

import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.Transition;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * One thread that applies {@link Transition.Tick} to the shards this member owns when they are due,
 * and hands the replies to the member's {@link dev.fanfare.shard.ShardEffects}.
 */
final class Ticker implements AutoCloseable {
  private static final ShardBatch TICK = new ShardBatch(List.of(new Transition.Tick()), List.of());
  private static final long MICROS_BETWEEN_LOOKS = 500_000;
  private static final long MICROS_AFTER_FAILURE = 100_000;
  private static final long LEAST_MICROS_BETWEEN_TICKS = 1_000;

  private final HazelcastShards shards;
  private final Ownership ownership;
  private final ShardOwner owner;
  private final DueTimes dues;
  private final AtomicIntegerArray ticking;
  private volatile boolean closed;

  Ticker(HazelcastShards shards, Ownership ownership, ShardOwner owner) {
    this.shards = shards;
    this.ownership = ownership;
    this.owner = owner;
    this.dues = owner.dues();
    this.ticking = new AtomicIntegerArray(ownership.count());
    Thread.ofPlatform().daemon().name("fanfare-ticks").start(this::run);
  }

  @Override
  public void close() {
    closed = true;
    dues.wake();
  }

  private void run() {
    long nextLook = 0;
    while (!closed) {
      dues.looking();
      long now = owner.nowMicros();
      if (now >= nextLook) {
        ownership.refresh();
        nextLook = now + MICROS_BETWEEN_LOOKS;
      }
      dues.sleep(now, Math.min(nextLook, tickWhatIsDue(now)));
    }
  }

  /** When the first of the others is due. */
  private long tickWhatIsDue(long now) {
    long earliest = DueTimes.NEVER;
    for (int shard : ownership.local()) {
      long due = dues.of(shard);
      if (due > now) {
        earliest = Math.min(earliest, due);
      } else if (ticking.compareAndSet(shard, 0, 1)) {
        tick(shard);
      }
    }
    return earliest;
  }

  private void tick(int shard) {
    dues.set(shard, DueTimes.NEVER);
    shards
        .apply(shard, TICK)
        .whenComplete(
            (reply, failure) -> {
              again(shard, reply);
              ticking.set(shard, 0);
              if (reply != null) {
                owner.routeReply(shard, reply);
              }
            });
  }

  /**
   * Sees to it that a shard which is due at once, or did not answer, is not asked without pause.
   */
  private void again(int shard, @Nullable ShardReply reply) {
    long now = owner.nowMicros();
    long pause = reply == null ? MICROS_AFTER_FAILURE : LEAST_MICROS_BETWEEN_TICKS;
    if (reply == null || reply.nextDue() < now + pause) {
      dues.set(shard, now + pause);
    }
  }
}
