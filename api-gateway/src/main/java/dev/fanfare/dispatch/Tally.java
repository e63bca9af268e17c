package dev.fanfare.dispatch;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.shard.ShardCounts;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Adds shards' figures. */
final class Tally {
  private Tally() {}

  static ShardCounts sum(List<ShardCounts> counts) {
    Map<FailureCode, Long> failed = new EnumMap<>(FailureCode.class);
    Map<FunctionName, Long> queued = new HashMap<>();
    for (ShardCounts one : counts) {
      one.failed().forEach((code, count) -> failed.merge(code, count, Long::sum));
      one.queuedByFunction().forEach((name, count) -> queued.merge(name, count, Long::sum));
    }
    return new ShardCounts(
        sum(counts, ShardCounts::accepted),
        sum(counts, ShardCounts::scheduled),
        sum(counts, ShardCounts::queued),
        sum(counts, ShardCounts::running),
        sum(counts, ShardCounts::succeeded),
        sum(counts, ShardCounts::cancelled),
        failed,
        sum(counts, ShardCounts::leased),
        sum(counts, ShardCounts::retried),
        sum(counts, ShardCounts::retained),
        sum(counts, ShardCounts::queuedBytes),
        oldest(counts),
        queued);
  }

  private static long sum(List<ShardCounts> counts, ToLongFunction<ShardCounts> figure) {
    return counts.stream().mapToLong(figure).sum();
  }

  private static long oldest(List<ShardCounts> counts) {
    return counts.stream()
        .mapToLong(ShardCounts::oldestQueuedAt)
        .filter(at -> at > 0)
        .min()
        .orElse(0);
  }
}
