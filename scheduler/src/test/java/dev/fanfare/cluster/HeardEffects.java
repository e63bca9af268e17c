package dev.fanfare.cluster;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.shard.ShardEffects;
import dev.fanfare.shard.ShardReply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a member told of its shards. */
final class HeardEffects implements ShardEffects {
  private final List<ShardReply> ticked = new CopyOnWriteArrayList<>();
  private final List<Integer> ready = new CopyOnWriteArrayList<>();

  @Override
  public void ticked(int shard, ShardReply reply) {
    ticked.add(reply);
  }

  @Override
  public void ready(int shard, ShardReply reply) {
    ready.add(shard);
  }

  /** How an invocation ended, if a tick ended it. */
  Optional<InvocationRecord> ended(InvocationId id) {
    return ticked.stream()
        .flatMap(reply -> reply.ended().stream())
        .filter(record -> record.id().equals(id))
        .findFirst();
  }

  /** The shards that were told to have ready work, each as often as it was told. */
  List<Integer> ready() {
    return ready;
  }
}
