package dev.fanfare.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.fanfare.cluster.ClusterTypes.RemoteReply;
import dev.fanfare.shard.Shard;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardReply;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies one batch to one shard on its owner, then, with the owner's time, on its backup.
 *
 * <p>Run in the process that asked, it leaves the reply in {@link #localReply} and returns nothing,
 * so that neither batch nor reply is serialised; read back on another member it returns the reply.
 */
final class ShardStep
    implements EntryProcessor<Integer, HeldShard, @Nullable RemoteReply>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;

  private int number;
  private @Nullable ShardBatch batch;

  /** When the owner applied it; the backup applies it then, too. */
  private long appliedAt;

  private boolean onBackup;
  private transient boolean here;
  private transient @Nullable HazelcastInstance cluster;
  private transient @Nullable ShardOwner owner;
  private transient volatile @Nullable ShardReply localReply;

  ShardStep() {}

  private ShardStep(int number, ShardBatch batch, boolean onBackup, long appliedAt) {
    this.number = number;
    this.batch = batch;
    this.onBackup = onBackup;
    this.appliedAt = appliedAt;
  }

  /** A step whose reply is wanted in this process. */
  static ShardStep of(int number, ShardBatch batch) {
    ShardStep step = new ShardStep(number, batch, false, 0);
    step.here = true;
    return step;
  }

  /** The reply, if this very object was run. */
  @Nullable ShardReply localReply() {
    return localReply;
  }

  @Override
  public @Nullable RemoteReply process(Map.Entry<Integer, HeldShard> entry) {
    ShardOwner self = ClusterTypes.read(owner);
    if (!onBackup) {
      appliedAt = self.nowMicros();
    }
    HeldShard held = entry.getValue();
    if (held == null) {
      held = new HeldShard(new Shard(number, self.limits()));
    }
    ShardReply reply = held.apply(ClusterTypes.read(batch), appliedAt);
    entry.setValue(held);
    if (onBackup) {
      return null;
    }
    self.soleShards().seen(ClusterTypes.read(cluster), number, held);
    self.applied(number, reply);
    if (here) {
      localReply = reply;
      return null;
    }
    return new RemoteReply(reply);
  }

  @Override
  public EntryProcessor<Integer, HeldShard, @Nullable RemoteReply> getBackupProcessor() {
    return new ShardStep(number, ClusterTypes.read(batch), true, appliedAt);
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    cluster = instance;
    owner = (ShardOwner) instance.getUserContext().get(ShardOwner.CONTEXT_KEY);
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeShort(number);
    out.writeBoolean(onBackup);
    out.writeLong(appliedAt);
    BatchCodec.write(out, ClusterTypes.read(batch));
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    number = in.readShort();
    onBackup = in.readBoolean();
    appliedAt = in.readLong();
    batch = BatchCodec.read(in);
  }

  @Override
  public int getFactoryId() {
    return ClusterTypes.FACTORY;
  }

  @Override
  public int getClassId() {
    return ClusterTypes.STEP;
  }
}
