package dev.fanfare.cluster;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** When each shard next has something to do by itself, epoch microseconds, and who waits for it. */
final class DueTimes {
  static final long NEVER = Long.MAX_VALUE;

  private final AtomicLongArray dues;
  private volatile long sleepsUntil = NEVER;
  private volatile @Nullable Thread sleeper;

  DueTimes(int shards) {
    dues = new AtomicLongArray(shards);
    for (int shard = 0; shard < shards; shard++) {
      dues.set(shard, NEVER);
    }
  }

  long of(int shard) {
    return dues.get(shard);
  }

  /** Sets a shard's time and wakes the sleeper if that is before it would wake by itself. */
  void set(int shard, long due) {
    if (dues.get(shard) == due) {
      return;
    }
    dues.set(shard, due);
    if (due < sleepsUntil) {
      wake();
    }
  }

  /** The calling thread is going to look at the times; whatever changes from now on wakes it. */
  void looking() {
    sleeper = Thread.currentThread();
    sleepsUntil = NEVER;
  }

  /**
   * Sleeps until the given time at the latest, or until an earlier time was set since it looked.
   */
  void sleep(long now, long until) {
    sleepsUntil = until;
    LockSupport.parkNanos(this, Math.max(0, until - now) * 1_000);
  }

  void wake() {
    LockSupport.unpark(sleeper);
  }
}
