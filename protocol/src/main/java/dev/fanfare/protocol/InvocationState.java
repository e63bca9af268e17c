package dev.fanfare.protocol;

/** Where an invocation stands. */
public enum InvocationState {
  /** Waits for its time: a delay or the pause before a retry. */
  SCHEDULED,
  /** Waits for a worker. */
  QUEUED,
  /** Leased to a worker. */
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /** Whether nothing can change any more. */
  public boolean terminal() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }
}
