package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Usage;
import dev.fanfare.shard.Submission;
import java.util.Optional;

/** Ends as another node writes them down. */
final class EndsElsewhere {
  static final NodeId THERE = new NodeId("there");

  private EndsElsewhere() {}

  /** The first attempt's, under a lease with this fence. */
  static InvocationRecord of(Submission work, long fence, Outcome outcome) {
    long submitted = work.id().epochMillis() * 1_000;
    return new InvocationRecord(
        work.id(),
        work.target().tenant(),
        work.target().function(),
        work.target().revision(),
        outcome.state(),
        work.callId(),
        work.async(),
        work.priority(),
        1,
        0,
        fence,
        Optional.empty(),
        THERE,
        submitted,
        0,
        submitted + 1,
        submitted + 2,
        Optional.of(outcome),
        Usage.NONE);
  }
}
