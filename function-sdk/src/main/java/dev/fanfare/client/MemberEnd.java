package dev.fanfare.client;

import org.jspecify.annotations.Nullable;

/**
 * How a member of a group ended that was told to.
 *
 * @param worker its name
 * @param invocation what ran on it
 * @param failure why it failed, null if it did not
 */
public record MemberEnd(String worker, String invocation, How how, @Nullable MemberFailed failure) {

  /** By whose doing. */
  public enum How {
    /** Its function returned. */
    ENDED,
    /** Its function threw, or was lost; perhaps before it was told to end. */
    FAILED,
    /** It had not ended in time and was cancelled: interrupted, then its process killed. */
    KILLED
  }
}
