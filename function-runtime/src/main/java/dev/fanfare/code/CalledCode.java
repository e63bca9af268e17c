package dev.fanfare.code;

import dev.fanfare.function.Invocation;
import dev.fanfare.json.BodySource;
import dev.fanfare.json.ResultSink;
import dev.fanfare.json.Results;
import dev.fanfare.protocol.Payload;

/** A method that is called and returns. */
record CalledCode(FunctionCode code, Results results) implements LoadedFunction.Called {
  @Override
  public Payload call(BodySource body, Invocation invocation, ResultSink sink) throws Throwable {
    return results.write(code.call(code.bind(body, invocation, null)), sink);
  }
}
