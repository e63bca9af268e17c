package dev.fanfare.shard;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
import org.jspecify.annotations.Nullable;

/**
 * One invocation that waits or runs. There may be a million: fields are primitive where they can
 * be, and what invocations have in common is on their {@link Line}. Only {@link Lifecycle} changes
 * it.
 */
final class Entry extends Timed implements Identified {
  /**
   * How long an attempt may take to start: code and body to come, a process to begin. The worker
   * measures the timeout from the function's start; the shard, which does not see that, takes the
   * lease away when start and timeout together are over.
   */
  static final long START_ALLOWANCE_MICROS = 60_000_000;

  private static final long NEVER = Long.MAX_VALUE;

  private final long high;
  private final long low;
  final Line line;

  /** The node that answers for it; another one when that was started anew. */
  NodeId origin;

  final Payload payload;
  final String callId;
  final String traceparent;

  /**
   * Place in its line, lower first: the time it became ready first, less what its priority is
   * worth.
   */
  final long rank;

  final long submittedAt;
  final long expiresAt;
  final long deadline;
  final long timeoutMicros;
  final byte priority;
  final boolean async;
  final int retries;

  InvocationState state = InvocationState.SCHEDULED;

  /** When it becomes ready, or became so. */
  long dueAt;

  int attempts;
  int losses;

  /** Whether its last lease was lost and may be taken up again by the worker that had it. */
  boolean adoptable;

  /** Whether it is run without company: a runtime ended that it shared with others. */
  boolean alone;

  /** Fences of leases that were given before it came here are not above this. */
  long fenceFloor;

  /** The latest lease, held or not. */
  @Nullable Lease lease;

  /** Where its {@link ReadyQueue} has it. */
  int slot = ReadyQueue.ABSENT;

  /** Neighbours among the {@link LiveEntries}. */
  @Nullable Entry older;

  @Nullable Entry newer;

  /** One that comes at this time; its state is the caller's to set. */
  Entry(long sequence, long rank, Submission submission, Line line, Interner interner, long now) {
    super(sequence);
    this.high = submission.id().high();
    this.low = submission.id().low();
    this.line = line;
    this.origin = interner.node(submission.origin());
    this.payload = interner.payload(submission.payload());
    this.callId = interner.text(submission.callId());
    this.traceparent = interner.text(submission.traceparent());
    this.rank = rank;
    Resumption resumed = submission.resumed();
    this.submittedAt = resumed.submittedAt() == 0 ? now : resumed.submittedAt();
    this.dueAt = Math.max(now, Math.max(submission.notBefore(), resumed.dueAt()));
    this.expiresAt = orNever(submission.expiresAt());
    this.deadline = orNever(submission.deadline());
    this.timeoutMicros = orNever(submission.timeoutMicros());
    this.priority = (byte) submission.priority();
    this.async = submission.async();
    this.retries = submission.retries();
    this.attempts = resumed.attempts();
    this.losses = resumed.losses();
    this.fenceFloor = resumed.fence();
  }

  @Override
  public long high() {
    return high;
  }

  @Override
  public long low() {
    return low;
  }

  InvocationId id() {
    return new InvocationId(high, low);
  }

  /** Whether it is to be taken before the other of its line. */
  boolean before(Entry other) {
    return rank < other.rank || rank == other.rank && sequence < other.sequence;
  }

  /** The fence of the latest lease, the floor before the first. */
  long fence() {
    return lease == null ? fenceFloor : lease.fence;
  }

  /** How many bytes of the shard's memory its payload takes; large ones lie elsewhere. */
  int bytes() {
    return payload instanceof Payload.Inline inline ? inline.bytes().length : 0;
  }

  /** Whether its wait for a first attempt is still bounded. */
  boolean mayExpire() {
    return attempts == 0 && expiresAt != NEVER;
  }

  @Override
  long due() {
    return switch (state) {
      case SCHEDULED -> Math.min(dueAt, waitEnds());
      case QUEUED -> waitEnds();
      case RUNNING -> Math.min(deadline, attemptEnds());
      case SUCCEEDED, FAILED, CANCELLED -> NEVER;
    };
  }

  private long waitEnds() {
    return attempts == 0 ? Math.min(expiresAt, deadline) : deadline;
  }

  private long attemptEnds() {
    if (lease == null || timeoutMicros == NEVER) {
      return NEVER;
    }
    long end = lease.startedAt + timeoutMicros + START_ALLOWANCE_MICROS;
    return end < 0 ? NEVER : end;
  }

  private static long orNever(long time) {
    return time == 0 ? NEVER : time;
  }
}
