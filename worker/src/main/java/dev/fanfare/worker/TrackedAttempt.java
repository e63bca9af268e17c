package dev.fanfare.worker;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import org.jspecify.annotations.Nullable;

/** A lease on this worker, from the moment it came until its outcome is known. */
final class TrackedAttempt {
  final Lease lease;
  final Held held;
  final Uses uses;
  final long arrivedNanos;

  /** Where it was put; null while it waits for its files or for a slot. */
  @Nullable HostedRuntime runtime;

  /** When it began to run, as far as the worker can tell; 0 before. */
  long startedNanos;

  /** How long it waited for a runtime to become ready. */
  long coldMicros;

  /** Why it is being stopped, null while it is not. */
  @Nullable Ending ending;

  /** When its runtime is killed, should it not have stopped by then. */
  long killAtNanos;

  /** Whether its body is a blob that the cache keeps for it. */
  boolean bodyHeld;

  /** Whether its function said something in a channel, so that it cannot begin anew. */
  boolean talks;

  /** Whether it was asked back unstarted. */
  boolean recalled;

  /** What kind of room it came for. */
  enum Uses {
    WARM,
    FREE,
    GUEST
  }

  /** Why an attempt is stopped. */
  enum Ending {
    TIMED_OUT,
    REVOKED
  }

  TrackedAttempt(Lease lease, Uses uses, long arrivedNanos) {
    this.lease = lease;
    this.held = new Held(lease.id(), lease.fence());
    this.uses = uses;
    this.arrivedNanos = arrivedNanos;
  }

  boolean overdue(long now) {
    return startedNanos != 0 && now - startedNanos > lease.timeoutMicros() * 1_000;
  }
}
