package dev.fanfare.client;

import dev.fanfare.function.ChannelFailed;

/** One member of a {@link Group} failed: its function threw, was refused, or was lost with it. */
public final class MemberFailed extends FanfareException {
  private static final long serialVersionUID = 1L;

  private final String worker;

  MemberFailed(String worker, RuntimeException cause) {
    super("worker '" + worker + "': " + cause.getMessage(), cause);
    this.worker = worker;
  }

  /** The name of the worker. */
  public String worker() {
    return worker;
  }

  /** The stable code: {@code user-fault}, {@code worker-lost}, {@code no-capacity}, … */
  public String code() {
    if (getCause() instanceof ChannelFailed failed) {
      return failed.code();
    }
    if (getCause() instanceof FunctionFailed failed) {
      return failed.code();
    }
    return getCause() instanceof Refused refused ? refused.code() : "failed";
  }

  /** The stack trace on the worker; empty where there is none. */
  public String remoteStack() {
    if (getCause() instanceof ChannelFailed failed) {
      return failed.remoteStack();
    }
    return getCause() instanceof FunctionFailed failed ? failed.remoteStack() : "";
  }
}
