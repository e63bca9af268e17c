package dev.fanfare.shard;

import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.Usage;

/**
 * Takes invocations from state to state. Every change goes through here, so that queue, leases, due
 * times, records and figures agree.
 */
final class Lifecycle {
  private final ShardLimits limits;
  private final Holdings holdings;

  Lifecycle(ShardLimits limits, Holdings holdings) {
    this.limits = limits;
    this.holdings = holdings;
  }

  /** A new one comes in, to wait for its time or for a worker. */
  void accept(Entry entry, Operation operation) {
    holdings.tally.accepted++;
    entry.state = entry.dueAt > operation.now ? InvocationState.SCHEDULED : InvocationState.QUEUED;
    resume(entry);
  }

  /** One is here, in the state it says. */
  void resume(Entry entry) {
    holdings.ids.put(entry);
    holdings.live.add(entry);
    entry.line.live++;
    enter(entry);
  }

  /** A ready one is leased to a session. */
  void grant(Entry entry, Session session, Grant.Uses uses, Operation operation) {
    leave(entry);
    holdings.queue.served(entry.line.group.share);
    var lease = new Lease(entry, entry.fence() + 1, operation.now, session.worker);
    entry.lease = lease;
    entry.attempts++;
    entry.adoptable = false;
    entry.state = InvocationState.RUNNING;
    session.take(lease);
    enter(entry);
    holdings.tally.leased++;
    operation.granted(
        new Grant(session.id, wire(entry, lease), uses, entry.submittedAt, operation.now));
    operation.marked(entry);
  }

  /** One came back whose attempts were all lost with what ran them. */
  void giveUp(Entry entry, Operation operation) {
    String message =
        "%d attempts were lost with their worker or with the node".formatted(entry.losses);
    end(entry, Outcome.Failure.of(FailureCode.WORKER_LOST, message), Usage.NONE, operation);
  }

  /** Its holder tells how the attempt ended. */
  void settle(Entry entry, Outcome outcome, Usage usage, Operation operation) {
    switch (outcome) {
      case Outcome.Success success -> end(entry, success, usage, operation);
      case Outcome.Cancelled cancelled -> end(entry, cancelled, usage, operation);
      case Outcome.Failure failure -> {
        // Only a worker that is still there says so: what was lost is the runtime.
        entry.alone |= failure.fault().code() == FailureCode.WORKER_LOST;
        fail(entry, failure.fault(), usage, operation);
        entry.adoptable = false; // its holder is done with it, whatever was lost behind the holder
      }
    }
  }

  /** Its holder gives it back unstarted. */
  void giveBack(Entry entry, Operation operation) {
    leave(entry);
    entry.attempts--;
    entry.state = InvocationState.QUEUED;
    enter(entry);
    operation.marked(entry);
  }

  /** Its holder is lost. */
  void lose(Entry entry, Session holder, Operation operation) {
    String message =
        "worker %s was lost while it ran attempt %d".formatted(holder.profile.id(), entry.attempts);
    fail(entry, Fault.of(FailureCode.WORKER_LOST, message), Usage.NONE, operation);
  }

  /** The worker that seemed lost still runs it, under the fence it had. */
  void adopt(Entry entry, Lease lease, Session session, Operation operation) {
    leave(entry);
    if (entry.adoptable) {
      entry.losses--;
      entry.adoptable = false;
    }
    entry.state = InvocationState.RUNNING;
    session.take(lease);
    enter(entry);
    operation.marked(entry);
  }

  /** An attempt failed; the invocation is tried again, or has failed with it. */
  void fail(Entry entry, Fault fault, Usage usage, Operation operation) {
    boolean lost = fault.code() == FailureCode.WORKER_LOST;
    if (lost) {
      entry.losses++;
    }
    int failures = entry.attempts - entry.losses;
    long seed = entry.high() * 31 + entry.low();
    var decision =
        RetryDecision.after(fault.code(), failures, entry.losses, entry.retries, limits, seed);
    switch (decision) {
      case RetryDecision.GiveUp() -> end(entry, new Outcome.Failure(fault), usage, operation);
      case RetryDecision.TryAgain(long pause) -> {
        if (pause >= entry.deadline - operation.now) {
          end(entry, new Outcome.Failure(fault), usage, operation);
        } else {
          tryAgain(entry, pause, lost, operation);
        }
      }
    }
  }

  /** It is over. */
  void end(Entry entry, Outcome outcome, Usage usage, Operation operation) {
    leave(entry);
    InvocationRecord record = Records.ended(entry, outcome, usage, operation.now);
    holdings.due.remove(entry);
    holdings.live.remove(entry);
    entry.line.live--;
    holdings.tally.ended(record);
    holdings.kept.keep(new Kept(record));
    operation.ended(record);
  }

  /** Tells its holder, if it has one, that the lease is about to be taken away. */
  void revoke(Entry entry, String reason, Operation operation) {
    if (entry.lease != null && entry.lease.holder != null) {
      operation.revoked(entry.lease.holder, entry, reason);
    }
  }

  /** What was waiting for its time is ready. */
  void ready(Entry entry) {
    leave(entry);
    entry.state = InvocationState.QUEUED;
    enter(entry);
  }

  private void tryAgain(Entry entry, long pause, boolean lost, Operation operation) {
    leave(entry);
    if (lost) {
      entry.adoptable = true;
    } else {
      holdings.tally.retried++;
    }
    entry.dueAt = operation.now + pause;
    entry.state = pause > 0 ? InvocationState.SCHEDULED : InvocationState.QUEUED;
    enter(entry);
    operation.marked(entry);
  }

  /** Whatever belongs to its present state begins. */
  private void enter(Entry entry) {
    holdings.tally.entered(entry);
    if (entry.state == InvocationState.QUEUED) {
      holdings.queue.add(entry);
    }
    holdings.due.update(entry);
  }

  /** Whatever belongs to its present state ends. */
  private void leave(Entry entry) {
    holdings.tally.left(entry);
    if (entry.state == InvocationState.QUEUED) {
      holdings.queue.remove(entry);
    }
    if (entry.lease != null && entry.lease.holder != null) {
      entry.lease.holder.release(entry.lease);
    }
  }

  private static Frame.Lease wire(Entry entry, Lease lease) {
    Target target = entry.line.target;
    long timeLeft = Math.min(entry.timeoutMicros, entry.deadline - lease.startedAt);
    return new Frame.Lease(
        entry.id(),
        lease.fence,
        entry.attempts,
        target.revision(),
        target.function(),
        entry.payload,
        timeLeft,
        entry.callId,
        entry.traceparent,
        entry.alone);
  }
}
