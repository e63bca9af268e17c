package dev.fanfare.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of a broadcast on one worker.
 *
 * @param worker its name
 * @param value what it returned; also of a command that ended with another code than 0; else null
 * @param code {@code ok}, or a stable code that says why there is no result: {@code user-fault},
 *     {@code no-capacity}, {@code forbidden}, {@code worker-lost}, …
 * @param message the same in words, empty for a result
 * @param remoteStack where its function threw; else empty
 * @param took from when it was asked
 */
public record Answer<R>(
    String worker,
    Kind kind,
    @Nullable R value,
    String code,
    String message,
    String remoteStack,
    Duration took) {

  /** How an answer is to be taken. */
  public enum Kind {
    /** It ran and returned. */
    RESULT,
    /** It ran and failed: it threw, took too long, or ended with an exit code other than 0. */
    FAILURE,
    /**
     * It did not run: the worker is not what the function demands, is busy or draining, or the key
     * may not.
     */
    REFUSAL,
    /** Nobody knows: the worker did not answer, was lost, or was not there at all. */
    MISS
  }

  /** Whether there is a result. */
  public boolean ok() {
    return kind == Kind.RESULT;
  }
}
