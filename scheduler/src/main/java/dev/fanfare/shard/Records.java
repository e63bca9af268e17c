package dev.fanfare.shard;

import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.Usage;
import java.util.Optional;

/** Writes down where an invocation stands. */
final class Records {
  private Records() {}

  /** One that waits or runs. */
  static InvocationRecord live(Entry entry) {
    return record(entry, entry.state, 0, Optional.empty(), Usage.NONE);
  }

  /** One that ends now. */
  static InvocationRecord ended(Entry entry, Outcome outcome, Usage usage, long now) {
    return record(entry, outcome.state(), now, Optional.of(outcome), usage);
  }

  private static InvocationRecord record(
      Entry entry, InvocationState state, long endedAt, Optional<Outcome> outcome, Usage usage) {
    Target target = entry.line.target;
    Lease lease = entry.attempts == 0 ? null : entry.lease;
    return new InvocationRecord(
        entry.id(),
        target.tenant(),
        target.function(),
        target.revision(),
        state,
        entry.callId,
        entry.async,
        entry.priority,
        entry.attempts,
        entry.losses,
        entry.fence(),
        lease == null ? Optional.empty() : lease.worker,
        entry.origin,
        entry.submittedAt,
        entry.dueAt,
        lease == null ? 0 : lease.startedAt,
        endedAt,
        outcome,
        usage,
        entry.line.group.requirements.requirements);
  }
}
