package dev.fanfare.shard;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Shards in this process's memory alone, for tests and simulations. Thread-safe: a lock for each
 * shard. Stages are complete when they are returned. Time passes by {@link #tick()} only.
 */
public final class InMemoryShards implements Shards {
  private final List<Shard> shards;
  private final Clock clock;
  private final AtomicReference<@Nullable ShardEffects> effects = new AtomicReference<>();

  /** Empty shards that tell the time by the clock. */
  public InMemoryShards(int count, ShardLimits limits, Clock clock) {
    this.shards = IntStream.range(0, count).mapToObj(number -> new Shard(number, limits)).toList();
    this.clock = clock;
  }

  /** Who hears of ticks and of ready work from now on. */
  public void route(ShardEffects listener) {
    effects.set(listener);
  }

  @Override
  public int count() {
    return shards.size();
  }

  @Override
  public List<Integer> local() {
    return IntStream.range(0, shards.size()).boxed().toList();
  }

  @Override
  public CompletionStage<ShardReply> apply(int shard, ShardBatch batch) {
    ShardReply reply = run(shard, batch);
    tellReady(shard, reply);
    return CompletableFuture.completedFuture(reply);
  }

  /** Does what is due on every shard and hands the replies to the {@link ShardEffects}. */
  public List<ShardReply> tick() {
    var replies = new ArrayList<ShardReply>();
    for (int shard = 0; shard < shards.size(); shard++) {
      ShardReply reply = run(shard, new ShardBatch(List.of(new Transition.Tick()), List.of()));
      ShardEffects listener = effects.get();
      if (listener != null && !(reply.ended().isEmpty() && reply.revocations().isEmpty())) {
        listener.ticked(shard, reply);
      }
      tellReady(shard, reply);
      replies.add(reply);
    }
    return replies;
  }

  private ShardReply run(int number, ShardBatch batch) {
    Shard shard = shards.get(number);
    synchronized (shard) {
      return shard.apply(batch, nowMicros());
    }
  }

  private void tellReady(int shard, ShardReply reply) {
    ShardEffects listener = effects.get();
    if (listener != null && !reply.waiting().isEmpty()) {
      listener.ready(shard, reply);
    }
  }

  private long nowMicros() {
    var now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
