package dev.fanfare.code;

import dev.fanfare.channel.Conversation;
import dev.fanfare.function.Invocation;
import dev.fanfare.json.BodySource;
import dev.fanfare.json.ResultSink;
import dev.fanfare.protocol.Payload;
import java.util.concurrent.Executor;

/** One function of a revision, ready to run. Thread-safe. */
public sealed interface LoadedFunction {

  /** One that is called and returns. */
  @FunctionalInterface
  non-sealed interface Called extends LoadedFunction {

    /** Calls it with a body and writes what it returns; what it throws is thrown as it is. */
    Payload call(BodySource body, Invocation invocation, ResultSink sink) throws Throwable;
  }

  /** One that has channels, and says by them what it has to say. */
  non-sealed interface Conversing extends LoadedFunction {

    /**
     * The function's side of the channels of one invocation.
     *
     * @param callbacks runs callbacks, each of which may take long
     */
    Conversation conversation(Conversation.Outlet outlet, Executor callbacks);

    /** Calls it with a body and its side; what it throws is thrown as it is. */
    void converse(BodySource body, Invocation invocation, Conversation conversation)
        throws Throwable;
  }
}
