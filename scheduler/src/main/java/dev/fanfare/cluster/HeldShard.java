package dev.fanfare.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.fanfare.shard.Shard;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.ShardState;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A shard as the value of its entry. Until it was written for another member there is no copy of
 * it, and whoever is in this process may apply batches to it without asking the cluster.
 * Thread-safe.
 */
final class HeldShard implements IdentifiedDataSerializable {
  private @Nullable Shard shard;
  private boolean sole;

  HeldShard() {}

  HeldShard(Shard shard) {
    this.shard = shard;
  }

  /** Applies a batch for the cluster, which sees to the copies. */
  synchronized ShardReply apply(ShardBatch batch, long nowMicros) {
    return ClusterTypes.read(shard).apply(batch, nowMicros);
  }

  /** Applies a batch if there is no copy elsewhere; null if there may be one. */
  synchronized @Nullable ShardReply applyAlone(ShardBatch batch, long nowMicros) {
    return sole ? ClusterTypes.read(shard).apply(batch, nowMicros) : null;
  }

  /**
   * No other member has a copy: to be called while the cluster applies a batch here and has no
   * other member that could. One that joins gets the shard by {@link #writeData}.
   */
  synchronized void soleCopy() {
    sole = true;
  }

  /** From now on only the cluster applies batches. */
  synchronized void release() {
    sole = false;
  }

  @Override
  public synchronized void writeData(ObjectDataOutput out) throws IOException {
    sole = false;
    ShardState.write(ClusterTypes.read(shard), out);
  }

  @Override
  public synchronized void readData(ObjectDataInput in) throws IOException {
    shard = ShardState.read(in);
  }

  @Override
  public int getFactoryId() {
    return ClusterTypes.FACTORY;
  }

  @Override
  public int getClassId() {
    return ClusterTypes.HELD_SHARD;
  }
}
