package dev.fanfare.shard;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at what a shard holds without changing it. */
final class Lookup {
  /** So many that do not wait are looked at to find the one that waits longest. */
  private static final int FARTHEST_LOOK = 10_000;

  private final Holdings holdings;

  Lookup(Holdings holdings) {
    this.holdings = holdings;
  }

  Reply find(List<InvocationId> ids) {
    var records = new ArrayList<InvocationRecord>(ids.size());
    for (InvocationId id : ids) {
      switch (holdings.ids.get(id.high(), id.low())) {
        case Entry entry -> records.add(Records.live(entry));
        case Kept kept -> records.add(kept.record);
        case null -> {}
      }
    }
    return new Reply.Found(records);
  }

  Reply scan(int limit) {
    return new Reply.Found(holdings.live.newest(limit).stream().map(Records::live).toList());
  }

  Reply count() {
    Tally tally = holdings.tally;
    return new Reply.Counted(
        new ShardCounts(
            tally.accepted,
            tally.scheduled,
            tally.queued,
            tally.running,
            tally.succeeded,
            tally.cancelled,
            tally.failed,
            tally.leased,
            tally.retried,
            holdings.kept.size(),
            tally.queuedBytes,
            tally.queued == 0 ? 0 : oldestQueuedAt(),
            queuedByFunction()));
  }

  /**
   * When the longest-waiting ready invocation was submitted. Behind very many that run or are
   * scheduled it is not looked for; then the best guess is the oldest among the first of their
   * lines.
   */
  private long oldestQueuedAt() {
    Entry entry = holdings.live.oldest();
    for (int i = 0; i < FARTHEST_LOOK && entry != null; i++) {
      if (entry.state == InvocationState.QUEUED) {
        return entry.submittedAt;
      }
      entry = entry.newer;
    }
    long oldest = Long.MAX_VALUE;
    for (Line line : holdings.lines.lines()) {
      if (!line.ready.isEmpty()) {
        oldest = Math.min(oldest, Group.first(line).submittedAt);
      }
    }
    return oldest;
  }

  private Map<FunctionName, Long> queuedByFunction() {
    var waiting = new HashMap<FunctionName, Long>();
    for (Share share : holdings.lines.shares()) {
      if (share.waiting > 0) {
        waiting.merge(share.key.function(), (long) share.waiting, Long::sum);
      }
    }
    return waiting;
  }
}
