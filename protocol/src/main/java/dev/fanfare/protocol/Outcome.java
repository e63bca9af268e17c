package dev.fanfare.protocol;

/** How an attempt, and in the end the invocation, ended. */
public sealed interface Outcome {

  /** The state that this outcome gives an invocation that is not tried again. */
  InvocationState state();

  /** It returned. */
  record Success(Payload result) implements Outcome {
    @Override
    public InvocationState state() {
      return InvocationState.SUCCEEDED;
    }
  }

  /** It failed. */
  record Failure(Fault fault) implements Outcome {
    /** A failure of the platform's own telling. */
    public static Failure of(FailureCode code, String message) {
      return new Failure(Fault.of(code, message));
    }

    @Override
    public InvocationState state() {
      return InvocationState.FAILED;
    }
  }

  /** It was cancelled, for the given reason. */
  record Cancelled(String reason) implements Outcome {
    @Override
    public InvocationState state() {
      return InvocationState.CANCELLED;
    }
  }
}
