package dev.fanfare.code;

import dev.fanfare.function.Invocation;
import dev.fanfare.json.BodySource;
import dev.fanfare.json.ResultSink;
import dev.fanfare.protocol.Payload;

/** One function of a revision, ready to be called. Thread-safe. */
public interface LoadedFunction {

  /** Calls it with a body and writes what it returns; what it throws is thrown as it is. */
  Payload call(BodySource body, Invocation invocation, ResultSink sink) throws Throwable;
}
