package dev.fanfare.session;

/** A subscription to what one invocation writes, until it is closed. Thread-safe. */
public final class LogTail implements AutoCloseable {
  private final Runnable leave;

  LogTail(Runnable leave) {
    this.leave = leave;
  }

  /** No more lines from here on; closing twice does nothing. */
  @Override
  public void close() {
    leave.run();
  }
}
