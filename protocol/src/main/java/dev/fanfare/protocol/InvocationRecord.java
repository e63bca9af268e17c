package dev.fanfare.protocol;

import java.util.Optional;

/**
 * Everything the platform tells of one invocation. Times are epoch microseconds of the shard's
 * owner; 0 where the moment has not come.
 *
 * @param callId the caller's own id, empty where none was sent
 * @param async whether the caller did not wait
 * @param attempts how many were leased so far
 * @param losses how many of them ended because their worker was lost
 * @param fence of the latest lease, 0 before the first
 * @param worker of the latest lease
 * @param dueAt when a scheduled invocation becomes ready
 * @param startedAt start of the latest attempt
 * @param outcome present once the state is terminal
 * @param usage of the latest attempt
 * @param requirements what a worker must meet to run it; none once only the history tells of it
 */
public record InvocationRecord(
    InvocationId id,
    TenantId tenant,
    FunctionName function,
    RevisionId revision,
    InvocationState state,
    String callId,
    boolean async,
    int priority,
    int attempts,
    int losses,
    long fence,
    Optional<WorkerId> worker,
    NodeId origin,
    long submittedAt,
    long dueAt,
    long startedAt,
    long endedAt,
    Optional<Outcome> outcome,
    Usage usage,
    Requirements requirements) {

  /** One whose demands are not known any more. */
  public InvocationRecord(
      InvocationId id,
      TenantId tenant,
      FunctionName function,
      RevisionId revision,
      InvocationState state,
      String callId,
      boolean async,
      int priority,
      int attempts,
      int losses,
      long fence,
      Optional<WorkerId> worker,
      NodeId origin,
      long submittedAt,
      long dueAt,
      long startedAt,
      long endedAt,
      Optional<Outcome> outcome,
      Usage usage) {
    this(
        id,
        tenant,
        function,
        revision,
        state,
        callId,
        async,
        priority,
        attempts,
        losses,
        fence,
        worker,
        origin,
        submittedAt,
        dueAt,
        startedAt,
        endedAt,
        outcome,
        usage,
        Requirements.NONE);
  }

  /** Time between submission and the start of the latest attempt; 0 before it starts. */
  public long queueMicros() {
    return startedAt == 0 ? 0 : Math.max(0, startedAt - submittedAt);
  }

  /** Time between submission and the end; 0 before it ends. */
  public long totalMicros() {
    return endedAt == 0 ? 0 : Math.max(0, endedAt - submittedAt);
  }
}
