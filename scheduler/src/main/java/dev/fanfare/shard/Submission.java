package dev.fanfare.shard;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Target;

/**
 * One invocation as it is handed to its shard. Times are epoch microseconds, 0 where there is none.
 *
 * @param target shared between the submissions of a batch, and interned by the shard
 * @param requirements the target's, or those and the invocation's own
 * @param origin the node that answers the caller
 * @param priority −100 to 100, higher first
 * @param retries tries after the first; {@link #NEVER} if it is not even tried again when lost
 * @param timeoutMicros bound of one attempt
 * @param notBefore when it becomes ready
 * @param expiresAt when waiting for its first lease ends
 * @param deadline when everything ends
 * @param resumed what was known of it, if it comes again
 */
public record Submission(
    InvocationId id,
    Target target,
    Requirements requirements,
    NodeId origin,
    boolean async,
    int priority,
    int retries,
    long timeoutMicros,
    long notBefore,
    long expiresAt,
    long deadline,
    String callId,
    String traceparent,
    Payload payload,
    Resumption resumed) {
  public static final int LEAST_PRIORITY = -100;
  public static final int MOST_PRIORITY = 100;

  /** Retries of an invocation that has one attempt, whatever becomes of that. */
  public static final int NEVER = -1;

  /** One that comes for the first time. */
  public Submission(
      InvocationId id,
      Target target,
      Requirements requirements,
      NodeId origin,
      boolean async,
      int priority,
      int retries,
      long timeoutMicros,
      long notBefore,
      long expiresAt,
      long deadline,
      String callId,
      String traceparent,
      Payload payload) {
    this(
        id,
        target,
        requirements,
        origin,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        callId,
        traceparent,
        payload,
        Resumption.NONE);
  }

  /** The same; its leases have fences above this. */
  public Submission above(long fence) {
    return new Submission(
        id,
        target,
        requirements,
        origin,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        callId,
        traceparent,
        payload,
        new Resumption(
            resumed.submittedAt(), resumed.attempts(), resumed.losses(), fence, resumed.dueAt()));
  }

  public Submission {
    if (priority < LEAST_PRIORITY || priority > MOST_PRIORITY) {
      throw new IllegalArgumentException("priority is -100 to 100, not " + priority);
    }
  }
}
