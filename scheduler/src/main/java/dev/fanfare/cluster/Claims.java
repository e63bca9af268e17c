package dev.fanfare.cluster;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.fanfare.protocol.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Names of which each is given to one taker, whoever asks, at whichever node and at whatever
 * moment; in the memory of the members, with copies as the shards have. A restart of all of them
 * forgets: what has to outlast that is written down by the taker. Thread-safe; blocks.
 */
public final class Claims {
  /** How long a name is taken. */
  public static final Duration KEPT = Duration.ofHours(24);

  /** The most names at one member; beyond, those are forgotten that nobody asked for longest. */
  static final int MOST = 200_000;

  /** After a start of all nodes it is waited so long for those that were here before. */
  static final Duration LONGEST_GATHERING = Duration.ofSeconds(30);

  private static final String MAP = "fanfare.claims";
  private static final String NODES = "fanfare.claims.nodes";
  private static final String GATHERED = "gathered";

  private final IMap<String, String> map;
  private final IMap<String, String> nodes;
  private final Cluster cluster;
  private final int expected;
  private final long begunAt = System.nanoTime();
  private volatile boolean alone;
  private volatile boolean gathered;

  /** The names of a cluster of about so many. */
  Claims(HazelcastInstance hazelcast, int expected) {
    this.map = hazelcast.getMap(MAP);
    this.nodes = hazelcast.getMap(NODES);
    this.cluster = hazelcast.getCluster();
    this.expected = expected;
    this.alone = expected <= 1;
  }

  /**
   * Whether the nodes that may have written names down have told them since all were down, or do
   * not come: a name that nobody knows before may be another's.
   */
  public boolean isGathered() {
    if (!gathered) {
      gathered =
          expected <= 1
              || nodes.size() >= expected
              || nodes.containsKey(GATHERED)
              || System.nanoTime() - begunAt > LONGEST_GATHERING.toNanos();
      if (gathered) {
        nodes.set(GATHERED, "");
      }
    }
    return gathered;
  }

  /** Whether there are no other nodes, never were while this one ran, and are not to be. */
  public boolean isAlone() {
    alone = alone && cluster.getMembers().size() <= 1;
    return alone;
  }

  /** Tells what a node wrote down before, which stands. */
  public void tell(NodeId node, Map<String, String> takers) {
    map.setAll(takers);
    nodes.set(node.toString(), member());
  }

  /** Which start of this node it is. */
  public String member() {
    return cluster.getLocalMember().getUuid().toString();
  }

  /** Whether that start of a node still runs and is here. */
  public boolean isHere(String member) {
    return cluster.getMembers().stream().anyMatch(one -> one.getUuid().toString().equals(member));
  }

  /** The name's taker: the given one, unless there was another before. */
  public String take(String name, String taker) {
    String before = map.putIfAbsent(name, taker);
    return before == null ? taker : before;
  }

  /** Gives the name back, if this is its taker. */
  public void giveBack(String name, String taker) {
    map.remove(name, taker);
  }

  /** Of the names and of the nodes that told theirs. */
  static List<MapConfig> settings(int backupCount) {
    var eviction =
        new EvictionConfig()
            .setEvictionPolicy(EvictionPolicy.LRU)
            .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
            .setSize(MOST);
    var names =
        new MapConfig(MAP).setTimeToLiveSeconds((int) KEPT.toSeconds()).setEvictionConfig(eviction);
    return Stream.of(names, new MapConfig(NODES))
        .map(
            one ->
                one.setBackupCount(backupCount)
                    .setStatisticsEnabled(false)
                    .setPerEntryStatsEnabled(false))
        .toList();
  }
}
