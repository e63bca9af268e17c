package dev.fanfare.client;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may say beside the argument; null where the function's or the platform's own holds.
 *
 * <pre>{@code
 * fanfare.function("resize", Resized.class).with(CallOptions.NONE.withPriority(10)).call(image);
 * }</pre>
 *
 * @param priority −100 to 100, higher first, 0 by default
 * @param timeout bound of one attempt
 * @param deadline bound of everything, from the submission on
 * @param delay how long it is to wait before it starts
 * @param callId an id of the caller's own, 1 to 128 printable characters
 * @param constraints what a worker must have besides what the function asks for: {@code "zone=a"}
 * @param state the declared state that the worker must be in
 */
public record CallOptions(
    int priority,
    @Nullable Duration timeout,
    @Nullable Duration deadline,
    @Nullable Duration delay,
    @Nullable String callId,
    List<String> constraints,
    @Nullable StatePin state) {

  /**
   * A declared state that the worker must be in.
   *
   * @param id as {@code fanfare state show} tells it
   * @param orRefuse whether the call is refused where no worker is in it; else it waits for one
   */
  public record StatePin(String id, boolean orRefuse) {
    public StatePin {
      if (!id.matches("[0-9a-f]{12}")) {
        throw new IllegalArgumentException("a state's id is 12 hexadecimal digits, not " + id);
      }
    }
  }

  /** Nothing said. */
  public static final CallOptions NONE =
      new CallOptions(0, null, null, null, null, List.of(), null);

  public CallOptions {
    constraints = List.copyOf(constraints);
    if (priority < -100 || priority > 100) {
      throw new IllegalArgumentException("priority is -100 to 100, not " + priority);
    }
    checkPositive("timeout", timeout);
    checkPositive("deadline", deadline);
    if (delay != null && delay.isNegative()) {
      throw new IllegalArgumentException("delay is not negative, but is " + delay);
    }
    if (callId != null && !callId.matches("[ -~]{1,128}")) {
      throw new IllegalArgumentException("callId is 1 to 128 printable ASCII characters");
    }
    for (String constraint : constraints) {
      if (!constraint.matches("[ -~]{1,256}")) {
        throw new IllegalArgumentException("a constraint is 1 to 256 printable ASCII characters");
      }
    }
  }

  /** These with another priority. */
  public CallOptions withPriority(int value) {
    return new CallOptions(value, timeout, deadline, delay, callId, constraints, state);
  }

  /** These with a bound of one attempt. */
  public CallOptions withTimeout(Duration value) {
    return new CallOptions(priority, value, deadline, delay, callId, constraints, state);
  }

  /** These with a bound of everything. */
  public CallOptions withDeadline(Duration value) {
    return new CallOptions(priority, timeout, value, delay, callId, constraints, state);
  }

  /** These with a delay. */
  public CallOptions withDelay(Duration value) {
    return new CallOptions(priority, timeout, deadline, value, callId, constraints, state);
  }

  /** These with an id of the caller's own. */
  public CallOptions withCallId(String value) {
    return new CallOptions(priority, timeout, deadline, delay, value, constraints, state);
  }

  /** These with other constraints. */
  public CallOptions withConstraints(String... values) {
    return new CallOptions(priority, timeout, deadline, delay, callId, List.of(values), state);
  }

  /** These, to run on a worker in this declared state; the call waits until there is one. */
  public CallOptions withState(String id) {
    var pin = new StatePin(id, false);
    return new CallOptions(priority, timeout, deadline, delay, callId, constraints, pin);
  }

  /** The same, but the call is refused (409) where no worker is in that state. */
  public CallOptions withStateOrRefuse(String id) {
    var pin = new StatePin(id, true);
    return new CallOptions(priority, timeout, deadline, delay, callId, constraints, pin);
  }

  /** What is said in headers; the delay is not. */
  void headers(BiConsumer<String, String> header) {
    if (priority != 0) {
      header.accept("X-Priority", Integer.toString(priority));
    }
    if (timeout != null) {
      header.accept("X-Timeout", timeout.toString());
    }
    if (deadline != null) {
      header.accept("X-Deadline", deadline.toString());
    }
    if (callId != null) {
      header.accept("X-Call-Id", callId);
    }
    if (state != null) {
      header.accept("X-State", state.id());
      header.accept("X-State-Else", state.orRefuse() ? "refuse" : "wait");
    }
    constraints.forEach(constraint -> header.accept("X-Constraint", constraint));
  }

  private static void checkPositive(String name, @Nullable Duration value) {
    if (value != null && (value.isNegative() || value.isZero())) {
      throw new IllegalArgumentException(name + " is more than 0, but is " + value);
    }
  }
}
