package dev.fanfare.shard;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import java.util.Map;

/**
 * A shard's figures. Since its start: {@code accepted = scheduled + queued + running + succeeded +
 * cancelled + the failed}, always.
 *
 * @param oldestQueuedAt when the longest-waiting ready invocation was submitted, epoch
 *     microseconds, 0 when none waits
 * @param retained ended invocations still held because the ledger does not yet
 * @param queuedBytes payload bytes of what waits
 * @param queuedByFunction ready and scheduled invocations per function name, over all tenants
 */
public record ShardCounts(
    long accepted,
    long scheduled,
    long queued,
    long running,
    long succeeded,
    long cancelled,
    Map<FailureCode, Long> failed,
    long leased,
    long retried,
    long retained,
    long queuedBytes,
    long oldestQueuedAt,
    Map<FunctionName, Long> queuedByFunction) {

  public ShardCounts {
    failed = Map.copyOf(failed);
    queuedByFunction = Map.copyOf(queuedByFunction);
  }
}
