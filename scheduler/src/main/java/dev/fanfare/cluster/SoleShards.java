package dev.fanfare.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardReply;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The shards of which this member has the only copy, because it is the only one that keeps data.
 * They need neither the cluster's threads nor its messages: a batch is applied by the thread that
 * brings it. Thread-safe.
 *
 * <p>A shard gets in when the cluster applies a batch to it and no other member keeps data; it is
 * out from the moment it is written for another one, before which that one has nothing of it.
 */
final class SoleShards {
  private final AtomicReferenceArray<@Nullable HeldShard> held;

  SoleShards(int shards) {
    held = new AtomicReferenceArray<>(shards);
  }

  /** Applies a batch here and now; null if that is for the cluster to do. */
  @Nullable ShardReply apply(int shard, ShardBatch batch, long nowMicros) {
    HeldShard here = held.get(shard);
    return here == null ? null : here.applyAlone(batch, nowMicros);
  }

  /** The cluster is applying a batch to this shard on this member, its owner. */
  void seen(HazelcastInstance cluster, int shard, HeldShard value) {
    if (isAlone(cluster)) {
      value.soleCopy();
      held.set(shard, value);
    }
  }

  /** The cluster may replace the values: from now on it applies the batches, until told again. */
  void releaseAll() {
    for (int shard = 0; shard < held.length(); shard++) {
      HeldShard before = held.getAndSet(shard, null);
      if (before != null) {
        before.release();
      }
    }
  }

  private static boolean isAlone(HazelcastInstance cluster) {
    for (Member member : cluster.getCluster().getMembers()) {
      if (!member.localMember() && !member.isLiteMember()) {
        return false;
      }
    }
    return true;
  }
}
