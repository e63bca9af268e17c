package dev.fanfare.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The invocation ended without a result: the function threw or refused its input, ran too long, was
 * cancelled, or its worker was lost. Where the function threw, the cause prints its remote stack.
 */
public final class FunctionFailed extends FanfareException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /**
   * What the platform tells of a failed invocation.
   *
   * @param type the class that was thrown, or the code where nothing was
   * @param stack empty where there is none
   * @param status the HTTP status of the answer, of the function's own choice for a {@code Reject}
   * @param worker the latest attempt's, null where there was none
   */
  record Failure(
      String code,
      String type,
      String message,
      String stack,
      int status,
      String invocation,
      @Nullable String worker,
      int attempt) {}

  /** A stack trace of another JVM, as text. */
  private static final class RemoteStack extends Throwable {
    private static final long serialVersionUID = 1L;

    RemoteStack(String text) {
      super(text, null, false, false);
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // The text begins with the remote class.
    public String toString() {
      return String.valueOf(getMessage());
    }
  }

  FunctionFailed(Failure failure) {
    super(
        failure.code() + ": " + failure.message() + " (invocation " + failure.invocation() + ")",
        failure.stack().isBlank() ? null : new RemoteStack(failure.stack().strip()));
    this.failure = failure;
  }

  /** The stable code, for example {@code user-fault}, {@code rejected} or {@code timed-out}. */
  public String code() {
    return failure.code();
  }

  /** The name of the class that was thrown, or the code where nothing was. */
  public String type() {
    return failure.type();
  }

  /** The message of what was thrown. */
  public String remoteMessage() {
    return failure.message();
  }

  /** The stack trace on the worker; empty where there is none. */
  public String remoteStack() {
    return failure.stack();
  }

  /** The HTTP status of the answer; for a {@code Reject} the one that the function chose. */
  public int status() {
    return failure.status();
  }

  /** The invocation's id. */
  public String invocation() {
    return failure.invocation();
  }

  /** The worker that ran the latest attempt, if one did. */
  public Optional<String> worker() {
    return Optional.ofNullable(failure.worker());
  }

  /** Which attempt failed last, from 1; 0 if none was made. */
  public int attempt() {
    return failure.attempt();
  }
}
