package dev.fanfare.client;

import java.time.Duration;

/** An invocation that goes on after the time its caller would wait for it. */
public final class NotEnded extends FanfareException {
  private static final long serialVersionUID = 1L;

  private final String invocation;
  private final transient Submitted.State state;

  NotEnded(String invocation, Submitted.State state, Duration waited) {
    super("invocation " + invocation + " is " + state + " after a wait of " + waited, null);
    this.invocation = invocation;
    this.state = state;
  }

  /** The invocation's id. */
  public String invocation() {
    return invocation;
  }

  /** How it stood when the wait was over. */
  public Submitted.State state() {
    return state;
  }
}
