package dev.fanfare.code;

import dev.fanfare.channel.Conversation;
import dev.fanfare.function.Invocation;
import dev.fanfare.json.BodySource;
import dev.fanfare.json.ResultSink;
import dev.fanfare.protocol.Payload;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One function of a revision, ready to be called. Thread-safe. */
public interface LoadedFunction {

  /** Calls it with a body and writes what it returns; what it throws is thrown as it is. */
  Payload call(BodySource body, Invocation invocation, ResultSink sink) throws Throwable;

  /**
   * The function's side of its channels; null if it has none, and is called.
   *
   * @param callbacks runs callbacks, each of which may take long
   */
  default @Nullable Conversation conversation(Conversation.Outlet outlet, Executor callbacks) {
    return null;
  }

  /** Calls one that has channels, of this conversation. */
  default void converse(BodySource body, Invocation invocation, Conversation conversation)
      throws Throwable {
    throw new UnsupportedOperationException("it has no channel");
  }
}
