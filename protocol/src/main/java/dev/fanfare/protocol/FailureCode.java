package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why an invocation failed. The written codes are stable. */
public enum FailureCode {
  /** The function threw. */
  USER_FAULT(Origin.USER),
  /** The function refused its input with a {@code Reject}, or the argument did not fit. */
  REJECTED(Origin.USER),
  /** An attempt ran past its timeout, or the invocation past its deadline. */
  TIMED_OUT(Origin.USER),
  /** It waited in the queue for longer than it was allowed to. */
  EXPIRED(Origin.CAPACITY),
  /** Its workers were lost, more often than the poison bound allows. */
  WORKER_LOST(Origin.PLATFORM),
  /** The runtime's heap was not enough. */
  OUT_OF_MEMORY(Origin.USER),
  /** The runtime ended without an answer. */
  CRASHED(Origin.USER),
  /** The result is over the limit. */
  RESULT_TOO_LARGE(Origin.USER),
  /** The result could not be written in its media type. */
  BAD_RESULT(Origin.USER),
  /** Something it depends on failed. */
  DEPENDENCY_FAILED(Origin.USER),
  /** The revision or the function in it does not exist, or its code cannot be loaded. */
  NO_SUCH_REVISION(Origin.PLATFORM),
  /** Its parent was cancelled. */
  CANCELLED_BY_PARENT(Origin.USER),
  /** What was accepted is damaged on the disk, so that nobody knows what was to be run. */
  LEDGER_DAMAGED(Origin.PLATFORM);

  /** Whose doing a failure is. */
  public enum Origin {
    USER,
    PLATFORM,
    CAPACITY
  }

  private final Origin origin;
  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

  FailureCode(Origin origin) {
    this.origin = origin;
  }

  /** Whose doing it is. */
  public Origin origin() {
    return origin;
  }

  /** The stable written form, for example {@code user-fault}. */
  @JsonValue
  public String code() {
    return code;
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if there is no such code
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static FailureCode parse(String code) {
    for (FailureCode candidate : values()) {
      if (candidate.code.equals(code)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("no failure code '" + code + "'");
  }
}
