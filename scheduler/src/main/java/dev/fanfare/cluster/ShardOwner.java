package dev.fanfare.cluster;

import dev.fanfare.protocol.Requirements;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardEffects;
import dev.fanfare.shard.ShardLimits;
import dev.fanfare.shard.ShardReply;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What a member does beside the batches for the shards it owns: remembers when each is due and
 * tells of ready work. Thread-safe.
 */
final class ShardOwner {
  static final String CONTEXT_KEY = "fanfare.shard-owner";

  /** While the same work stays ready, it is told again after this long. */
  private static final long MICROS_BETWEEN_REMINDERS = 20_000;

  private final ShardLimits limits;
  private final Clock clock;
  private final AtomicReferenceArray<@Nullable Told> told;
  private final DueTimes dues;
  private final SoleShards soleShards;
  private volatile @Nullable ShardEffects effects;

  /** Which work was told to be ready, and when. */
  private record Told(List<Requirements> waiting, long atMicros) {}

  ShardOwner(int shards, ShardLimits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    this.told = new AtomicReferenceArray<>(shards);
    this.dues = new DueTimes(shards);
    this.soleShards = new SoleShards(shards);
  }

  ShardLimits limits() {
    return limits;
  }

  DueTimes dues() {
    return dues;
  }

  SoleShards soleShards() {
    return soleShards;
  }

  /** Applies a batch here and now if no other member need know; else null. */
  @Nullable ShardReply applyAlone(int shard, ShardBatch batch) {
    ShardReply reply = soleShards.apply(shard, batch, nowMicros());
    if (reply != null) {
      applied(shard, reply);
    }
    return reply;
  }

  long nowMicros() {
    var now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  void route(ShardEffects listener) {
    effects = listener;
  }

  /** A batch was applied to a shard of this member's. */
  void applied(int shard, ShardReply reply) {
    dues.set(shard, reply.nextDue());
    if (reply.waiting().isEmpty()) {
      told.set(shard, null);
    } else {
      tellReady(shard, reply);
    }
  }

  /** Parts of the queue may be gone. */
  void lost() {
    ShardEffects listener = effects;
    if (listener != null) {
      listener.lost();
    }
  }

  /** A reply that nobody waits for. */
  void routeReply(int shard, ShardReply reply) {
    ShardEffects listener = effects;
    boolean nothing =
        reply.ended().isEmpty()
            && reply.revocations().isEmpty()
            && reply.grants().isEmpty()
            && reply.marks().isEmpty();
    if (listener != null && !nothing) {
      listener.ticked(shard, reply);
    }
  }

  private void tellReady(int shard, ShardReply reply) {
    ShardEffects listener = effects;
    Told before = told.get(shard);
    long now = nowMicros();
    boolean news =
        before == null
            || now - before.atMicros >= MICROS_BETWEEN_REMINDERS
            || !before.waiting.containsAll(reply.waiting());
    if (listener != null && news) {
      told.set(shard, new Told(reply.waiting(), now));
      listener.ready(shard, reply);
    }
  }
}
