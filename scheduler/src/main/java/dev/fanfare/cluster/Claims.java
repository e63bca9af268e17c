package dev.fanfare.cluster;

import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.time.Duration;

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

  private static final String MAP = "fanfare.claims";

  private final IMap<String, String> map;

  Claims(HazelcastInstance hazelcast) {
    this.map = hazelcast.getMap(MAP);
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

  static MapConfig settings(int backupCount) {
    var eviction =
        new EvictionConfig()
            .setEvictionPolicy(EvictionPolicy.LRU)
            .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
            .setSize(MOST);
    return new MapConfig(MAP)
        .setBackupCount(backupCount)
        .setTimeToLiveSeconds((int) KEPT.toSeconds())
        .setEvictionConfig(eviction)
        .setStatisticsEnabled(false)
        .setPerEntryStatsEnabled(false);
  }
}
