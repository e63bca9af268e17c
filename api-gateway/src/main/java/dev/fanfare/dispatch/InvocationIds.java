package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes invocation ids, each greater than those before, also when the clock steps back. All ids of
 * about a tenth of a second name one local shard, so that what comes together meets in one batch;
 * then the next shard has its turn. Thread-safe.
 */
final class InvocationIds {
  static final int MILLIS_PER_SHARD = 100;

  /** So many bits count the ids of one millisecond. */
  private static final int COUNTER_BITS = 20;

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final Clock clock;
  private final AtomicLong counter;
  private final AtomicLong moments = new AtomicLong();
  private final long key;
  private final long otherKey;
  private volatile int[] shards;

  InvocationIds(Clock clock, List<Integer> shards) {
    this.clock = clock;
    var random = new SecureRandom();
    this.counter = new AtomicLong(random.nextLong());
    this.key = random.nextLong();
    this.otherKey = random.nextLong();
    this.shards = toArray(shards);
  }

  InvocationId next() {
    long moment = moments.accumulateAndGet(clock.millis() << COUNTER_BITS, InvocationIds::later);
    long millis = moment >>> COUNTER_BITS;
    int[] candidates = shards;
    int shard =
        candidates[(int) Long.remainderUnsigned(millis / MILLIS_PER_SHARD, candidates.length)];
    long random = mixed(counter.getAndAdd(GOLDEN_GAMMA)) >>> COUNTER_BITS;
    return InvocationId.of(millis, shard, moment << Long.SIZE - COUNTER_BITS | random);
  }

  private static long later(long latest, long now) {
    return Math.max(latest + 1, now);
  }

  /** From now on ids name these shards; no shards at all changes nothing. */
  void spreadOver(List<Integer> local) {
    if (!local.isEmpty()) {
      shards = toArray(local);
    }
  }

  /** Two keyed rounds of SplitMix64's mixer: not to be guessed by the way. */
  private long mixed(long value) {
    return mix(mix(value ^ key) + otherKey);
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  private static int[] toArray(List<Integer> numbers) {
    return numbers.isEmpty()
        ? new int[] {0}
        : numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
