package dev.fanfare.burst;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Target;
import dev.fanfare.shard.Submission;

/**
 * What a burst's items are submitted as.
 *
 * @param settings all of it but the target, to make it again at another gateway
 */
public record Work(
    Target target, Requirements requirements, Submissions submissions, byte[] settings) {

  /** Makes the submission of one invocation. */
  public interface Submissions {
    Submission of(InvocationId id, Payload payload);
  }
}
