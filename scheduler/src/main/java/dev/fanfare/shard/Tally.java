package dev.fanfare.shard;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import java.util.EnumMap;
import java.util.Map;

/** The shard's figures: how many stand where, and what happened since its start. */
final class Tally {
  long accepted;
  long scheduled;
  long queued;
  long running;
  long succeeded;
  long cancelled;
  long leased;
  long retried;

  /** Payload bytes of what waits or runs. */
  long liveBytes;

  /** Payload bytes of what waits. */
  long queuedBytes;

  final Map<FailureCode, Long> failed = new EnumMap<>(FailureCode.class);

  /** A live invocation comes to stand in its present state. */
  void entered(Entry entry) {
    count(entry, 1);
  }

  /** A live invocation leaves its present state. */
  void left(Entry entry) {
    count(entry, -1);
  }

  void ended(InvocationRecord record) {
    switch (record.outcome().orElseThrow()) {
      case Outcome.Success success -> succeeded++;
      case Outcome.Cancelled reason -> cancelled++;
      case Outcome.Failure failure -> failed.merge(failure.fault().code(), 1L, Long::sum);
    }
  }

  private void count(Entry entry, int change) {
    int bytes = change * entry.bytes();
    liveBytes += bytes;
    if (entry.state == InvocationState.RUNNING) {
      running += change;
      return;
    }
    queuedBytes += bytes;
    entry.line.group.share.waiting += change;
    if (entry.state == InvocationState.QUEUED) {
      queued += change;
    } else {
      scheduled += change;
    }
  }
}
