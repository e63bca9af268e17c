package dev.fanfare.shard;

import java.time.Clock;

class InMemoryShardsContractTest extends ShardsContract {
  private final Shards shards = new InMemoryShards(4, ShardLimits.DEFAULT, Clock.systemUTC());

  @Override
  protected Shards shards() {
    return shards;
  }
}
