package dev.fanfare.cluster;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.partition.ReplicaMigrationEvent;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which key a shard has, and which shards this member owns now. Shards that become its own are due
 * at once, so that it learns when they are due next.
 */
final class Ownership {
  private static final int MOST_TRIES_PER_SHARD = 1_000;

  private final PartitionService partitions;
  private final Cluster cluster;
  private final DueTimes dues;
  private final int[] keys;
  private final Partition[] homes;
  private volatile List<Integer> local = List.of();

  Ownership(HazelcastInstance hazelcast, int shards, DueTimes dues) {
    this.partitions = hazelcast.getPartitionService();
    this.cluster = hazelcast.getCluster();
    this.dues = dues;
    this.keys = new int[shards];
    this.homes = new Partition[shards];
    findKeys();
    partitions.addMigrationListener(new OnMigration());
    hazelcast.getCluster().addMembershipListener(new OnMembership(this::refresh));
    refresh();
  }

  int count() {
    return keys.length;
  }

  /** The key of the shard's entry. */
  Integer key(int shard) {
    return keys[shard];
  }

  List<Integer> local() {
    return local;
  }

  /** Looks who owns what. */
  synchronized void refresh() {
    Member self = cluster.getLocalMember(); // another one after a merge of two clusters
    List<Integer> before = local;
    List<Integer> now =
        IntStream.range(0, keys.length)
            .filter(shard -> self.equals(homes[shard].getOwner()))
            .boxed()
            .toList();
    if (!now.equals(before)) {
      local = now;
      for (int shard : now) {
        if (!before.contains(shard)) {
          dues.set(shard, 0);
        }
      }
      dues.wake();
    }
  }

  /**
   * The same on every member: for each shard the lowest number that falls into its own partition.
   */
  private void findKeys() {
    int missing = keys.length;
    for (int key = 0; missing > 0; key++) {
      if (key > keys.length * MOST_TRIES_PER_SHARD) {
        throw new IllegalStateException(missing + " shards have no partition of their own");
      }
      Partition home = partitions.getPartition(key);
      int shard = home.getPartitionId();
      if (shard < keys.length && homes[shard] == null) {
        homes[shard] = home;
        keys[shard] = key;
        missing--;
      }
    }
  }

  private final class OnMigration implements MigrationListener {
    @Override
    public void migrationStarted(MigrationState state) {}

    @Override
    public void migrationFinished(MigrationState state) {
      refresh();
    }

    @Override
    public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
      refresh();
    }

    @Override
    public void replicaMigrationFailed(ReplicaMigrationEvent event) {
      refresh();
    }
  }
}
