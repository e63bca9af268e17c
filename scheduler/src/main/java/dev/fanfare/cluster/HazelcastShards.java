package dev.fanfare.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.fanfare.cluster.ClusterTypes.RemoteReply;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardEffects;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.ShardUnavailable;
import dev.fanfare.shard.Shards;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Shards as entries of a Hazelcast map, one in each partition, spread evenly over the members and
 * backed up on others. A batch is one entry processor on its shard's owner; while there is no other
 * member to keep a copy, it is applied on the spot. Thread-safe.
 */
public final class HazelcastShards implements Shards, AutoCloseable {
  private final IMap<Integer, HeldShard> map;
  private final Ownership ownership;
  private final ShardOwner owner;
  private final Ticker ticker;

  HazelcastShards(HazelcastInstance hazelcast, int count, ShardOwner owner) {
    this.map = hazelcast.getMap(MemberSettings.SHARDS);
    this.ownership = new Ownership(hazelcast, count, owner.dues());
    this.owner = owner;
    this.ticker = new Ticker(this, ownership, owner);
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(
            event -> {
              switch (event.getState()) {
                case MERGING -> owner.soleShards().releaseAll();
                case MERGED -> owner.lost();
                default -> {}
              }
            });
    hazelcast.getPartitionService().addPartitionLostListener(event -> owner.lost());
  }

  /** Who hears of ticks and of ready work on this member from now on. */
  public void route(ShardEffects effects) {
    owner.route(effects);
  }

  @Override
  public int count() {
    return ownership.count();
  }

  @Override
  public List<Integer> local() {
    return ownership.local();
  }

  @Override
  public CompletionStage<ShardReply> apply(int shard, ShardBatch batch) {
    ShardReply alone = owner.applyAlone(shard, batch);
    return alone == null ? applyByCluster(shard, batch) : CompletableFuture.completedFuture(alone);
  }

  private CompletionStage<ShardReply> applyByCluster(int shard, ShardBatch batch) {
    CompletableFuture<ShardReply> answer = new CompletableFuture<>();
    ShardStep step = ShardStep.of(shard, batch);
    try {
      map.submitToKey(ownership.key(shard), step)
          .whenCompleteAsync(
              (reply, failure) -> complete(shard, step, reply, failure, answer), Runnable::run);
    } catch (RuntimeException e) {
      answer.completeExceptionally(new ShardUnavailable(shard, e));
    }
    return answer;
  }

  @Override
  public void close() {
    ticker.close();
    owner.soleShards().releaseAll();
  }

  private void complete(
      int shard,
      ShardStep step,
      @Nullable RemoteReply remote,
      @Nullable Throwable failure,
      CompletableFuture<ShardReply> answer) {
    ShardReply local = step.localReply();
    if (failure != null) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      answer.completeExceptionally(new ShardUnavailable(shard, cause));
      if (local != null) {
        // Applied here, but a backup did not say so in time. What it did stands.
        owner.routeReply(shard, local);
      }
    } else if (remote != null) {
      answer.complete(remote.reply());
    } else {
      answer.complete(ClusterTypes.read(local));
    }
  }
}
