package dev.fanfare.shard;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.protocol.InvocationRecord;
import java.util.List;

/** A shard's answer to one {@link Transition}. */
public sealed interface Reply {

  /** Nothing to tell. */
  record Done() implements Reply {}

  /** To {@link Transition.Submit}: one per submission, in its order. */
  record Admissions(List<Admission> admissions) implements Reply {}

  /** What became of a submission. */
  enum Admission {
    ACCEPTED,
    /** This id is here already; it was not added again. */
    DUPLICATE,
    /** The shard's limit on waiting invocations or bytes is reached; nothing was kept. */
    FULL
  }

  /**
   * To {@link Transition.Settle}: the settlements that were refused, because the lease was
   * another's.
   */
  record Settled(List<Held> stale) implements Reply {}

  /** To {@link Transition.Adopt}: which are the session's own again; the others must be stopped. */
  record Adopted(List<Held> held) implements Reply {}

  /** To {@link Transition.Cancel}: one per id, in its order. */
  record Cancelled(List<Cancellation> cancellations) implements Reply {}

  /** What became of a cancellation. */
  enum Cancellation {
    CANCELLED,
    /** It had ended before. */
    ENDED,
    /** Not here: never was, or forgotten since the ledger holds it. */
    UNKNOWN
  }

  /** To {@link Transition.Find} and {@link Transition.Scan}: the records that are here. */
  record Found(List<InvocationRecord> records) implements Reply {}

  /** To {@link Transition.Count}. */
  record Counted(ShardCounts counts) implements Reply {}
}
