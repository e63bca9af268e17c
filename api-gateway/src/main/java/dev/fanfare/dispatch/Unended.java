package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Usage;
import java.util.Optional;

/** What is told of an asynchronous invocation whose end is not on disk: that it runs. */
final class Unended {
  private Unended() {}

  /** The record as it may be told; one that somebody waited for is told as it is. */
  static InvocationRecord of(InvocationRecord record) {
    if (!record.async() || !record.state().terminal()) {
      return record;
    }
    return new InvocationRecord(
        record.id(),
        record.tenant(),
        record.function(),
        record.revision(),
        record.startedAt() == 0 ? InvocationState.QUEUED : InvocationState.RUNNING,
        record.callId(),
        true,
        record.priority(),
        record.attempts(),
        record.losses(),
        record.fence(),
        record.worker(),
        record.origin(),
        record.submittedAt(),
        record.dueAt(),
        record.startedAt(),
        0,
        Optional.empty(),
        Usage.NONE);
  }
}
