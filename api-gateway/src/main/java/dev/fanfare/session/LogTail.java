package dev.fanfare.session;

import dev.fanfare.protocol.InvocationId;
import java.util.function.Consumer;

/** Is told whenever lines of one invocation have been kept, until it is closed. */
public final class LogTail implements AutoCloseable {
  private final InvocationId id;
  private final Runnable news;
  private final Consumer<LogTail> leave;
  private volatile boolean closed;

  LogTail(InvocationId id, Runnable news, Consumer<LogTail> leave) {
    this.id = id;
    this.news = news;
    this.leave = leave;
  }

  /** No more news from here on; closing twice does nothing. From any thread. */
  @Override
  public void close() {
    closed = true;
    leave.accept(this);
  }

  InvocationId id() {
    return id;
  }

  void tell() {
    if (!closed) {
      news.run();
    }
  }
}
