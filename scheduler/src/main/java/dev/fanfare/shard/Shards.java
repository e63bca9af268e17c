package dev.fanfare.shard;

import dev.fanfare.protocol.InvocationId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** The queue's shards, wherever they are. Thread-safe; nothing here blocks. */
public interface Shards {

  /** How many there are, the same on every node of a cluster. */
  int count();

  /** The numbers of those this process holds; all of them on a single node. */
  List<Integer> local();

  /** Where new work goes best: the shards that are local, or all where none is. */
  default List<Integer> near() {
    List<Integer> local = local();
    return local.isEmpty() ? IntStream.range(0, count()).boxed().toList() : local;
  }

  /**
   * Applies a batch to one shard on its owner, once its backup has it too. The stage completes on a
   * thread that must not be blocked; it fails with {@link ShardUnavailable} when it is not known
   * whether the batch was applied.
   */
  CompletionStage<ShardReply> apply(int shard, ShardBatch batch);

  /** The shard that holds an invocation. */
  default int of(InvocationId id) {
    return id.shard() % count();
  }
}
