package dev.fanfare.shard;

/**
 * Hears, on the member that owns a shard, what batches did that nobody waiting for a reply can
 * route: those the member ran by itself when time passed. Called on a shard's thread: hand over,
 * never block.
 */
public interface ShardEffects {

  /** A tick ended invocations or revoked leases; its reply is to be routed like any other. */
  void ticked(int shard, ShardReply reply);

  /**
   * Work is ready that the batch's offers could not take; gateways with idle workers may want it.
   */
  void ready(int shard, ShardReply reply);

  /**
   * Shards may have lost what they held: members with all copies of some went at once, or a cluster
   * that was cut in two has come together again.
   */
  default void lost() {}
}
